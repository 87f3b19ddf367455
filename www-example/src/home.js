// The first view: signed out, an invitation to sign in; signed in, the person and the token.

import { claimsTable } from './claims.js';
import { h } from './dom.js';
import { lastLoginCard } from './last-login.js';
import { troubleSection } from './trouble.js';
import { tokenCard } from './token-life.js';
import { userinfoCard } from './userinfo.js';

const step = (title, text) => h('li', {}, h('strong', {}, title), h('span', {}, text));

const welcome = ({ signIn }) => h('div', { class: 'hero' },
  h('div', { class: 'pitch' },
    h('h1', { tabindex: '-1' }, 'Sign people in without a server of your own'),
    h('p', { class: 'lead' }, 'This page sends you to an OpenID provider and verifies the answer, in Rust compiled to WebAssembly. Your application needs no back end and no secret: the page verifies every answer before it uses it.'),
    h('p', { class: 'actions' },
      h('button', { class: 'button primary large', type: 'button', onclick: () => signIn() }, 'Sign in with Demo ID'),
      h('button', { class: 'button large', type: 'button', id: 'sign-in-login', onclick: () => signIn({ prompt: 'login' }) }, 'Always ask for the password')),
    h('p', { class: 'hint' }, 'Use ', h('code', {}, 'alice@example.com'), ' or ', h('code', {}, 'bob@example.com'), '; the provider shows the passwords. There are ', h('a', { href: '/providers', 'data-link': true }, 'other providers'), ', too.')),
  h('section', { class: 'card', 'aria-labelledby': 'steps' },
    h('h2', { id: 'steps' }, 'What happens when you sign in'),
    h('ol', { class: 'steps' },
      step('This page prepares', 'It generates a random state, nonce and PKCE verifier. The verifier stays in this tab until the last step.'),
      step('Demo ID asks who you are', 'Your password goes to the provider and never to this page.'),
      step('This page redeems the code', 'One request exchanges the code for tokens. The page verifies the signature, issuer, audience, dates and nonce of the id_token.'),
      step('Then you are signed in', 'If a check fails, the page stores nothing and tells you the reason.'))));

const ago = (seconds) => {
  const minutes = Math.round((Date.now() / 1000 - seconds) / 60);
  if (minutes < 1) return 'just now';
  const [amount, unit] = minutes < 60 ? [minutes, 'minute'] : [Math.round(minutes / 60), 'hour'];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-amount, unit);
};

const guide = (file, text) => h('p', { class: 'guide' }, h('a', { href: `/read/docs/${file}` }, text));

const signedIn = (app, token, login) => {
  const { client, signIn } = app;
  const { claims } = client;
  return [
    h('div', { class: 'greeting' },
      h('h1', { tabindex: '-1' }, `Hello, ${claims.given_name ?? claims.name ?? claims.sub}`),
      h('p', { class: 'lead' }, `Demo ID vouches for you. You signed in ${ago(claims.auth_time ?? claims.iat)}.`)),
    h('div', { class: 'columns' },
      h('div', { class: 'stack' },
        h('section', { class: 'card', 'aria-labelledby': 'claims-title' },
          h('h2', { id: 'claims-title' }, 'What the provider says about you'),
          h('p', { class: 'hint' }, 'The claims of the id_token. This page verified the signature and every claim before it stored them.'),
          claimsTable(claims),
          guide('first-login.md', 'How to sign people in like this')),
        userinfoCard(app)),
      h('div', { class: 'stack aside' },
        token.element,
        h('section', { class: 'card', 'aria-labelledby': 'session-title' },
          h('h2', { id: 'session-title' }, 'Your session'),
          h('p', {}, 'After a reload you are still signed in, and the page has sent no request. A second tab is signed in, too: it asks this one. When you close the last tab, the session ends. When you sign out in another tab, you are signed out here, too.'),
          guide('session.md', 'How long a session lasts, and which tabs share it'),
          h('p', { class: 'actions' },
            h('a', { class: 'button', href: '/', target: '_blank', id: 'second-tab' }, `Continue as ${claims.given_name ?? claims.name ?? claims.sub} in a second tab`),
            h('button', { class: 'button', type: 'button', id: 'sign-in-login', onclick: () => signIn({ prompt: 'login' }) }, 'Sign in as someone else'))))),
    login.element,
  ];
};

export function homeView(app) {
  let token;
  let login;
  return {
    title: 'Home',
    docs: ['first-login', 'frameworks', 'session', 'refresh', 'logout', 'errors', 'devtools'],
    code: ['src/main.js', 'src/app.js', 'src/home.js', 'src/claims.js', 'src/userinfo.js', 'src/token-life.js', 'src/last-login.js', 'src/session.js', 'src/trouble.js', 'src/messages.js'],
    example: 'home',
    render() {
      if (!app.client.isAuthenticated) return [welcome(app), troubleSection(app)];
      token = tokenCard(app);
      login = lastLoginCard();
      return [...signedIn(app, token, login), troubleSection(app)];
    },
    leave() {
      token?.stop();
      login?.stop();
    },
  };
}
