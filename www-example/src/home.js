// The first view: an invitation when nobody is signed in, the person and the token when somebody is.

import { claimsTable } from './claims.js';
import { h } from './dom.js';
import { troubleSection } from './trouble.js';
import { tokenCard } from './token-life.js';
import { userinfoCard } from './userinfo.js';

const step = (title, text) => h('li', {}, h('strong', {}, title), h('span', {}, text));

const welcome = ({ signIn }) => h('div', { class: 'hero' },
  h('div', { class: 'pitch' },
    h('h1', { tabindex: '-1' }, 'Sign people in without a server of your own'),
    h('p', { class: 'lead' }, 'This page sends you to an OpenID provider and checks what comes back, in Rust compiled to WebAssembly. No back end, no secret, and nothing believed before it is verified.'),
    h('p', { class: 'actions' },
      h('button', { class: 'button primary large', type: 'button', onclick: () => signIn() }, 'Sign in with Demo ID'),
      h('button', { class: 'button large', type: 'button', id: 'sign-in-login', onclick: () => signIn({ prompt: 'login' }) }, 'Always ask for the password')),
    h('p', { class: 'hint' }, 'Use ', h('code', {}, 'alice@example.com'), ' or ', h('code', {}, 'bob@example.com'), '; the provider shows the passwords. There are ', h('a', { href: '/providers', 'data-link': true }, 'other providers'), ', too.')),
  h('section', { class: 'card', 'aria-labelledby': 'steps' },
    h('h2', { id: 'steps' }, 'What happens when you sign in'),
    h('ol', { class: 'steps' },
      step('This page prepares', 'It makes a state, a nonce and a PKCE verifier, all random. The verifier stays in this tab until the end.'),
      step('Demo ID asks who you are', 'Your password goes to the provider and never to this page.'),
      step('This page exchanges and checks', 'One request trades the code for tokens. Signature, issuer, audience, dates and nonce are verified here.'),
      step('Only then you are signed in', 'If one check fails, nothing is stored and you read why.'))));

const ago = (seconds) => {
  const minutes = Math.round((Date.now() / 1000 - seconds) / 60);
  if (minutes < 1) return 'just now';
  const [amount, unit] = minutes < 60 ? [minutes, 'minute'] : [Math.round(minutes / 60), 'hour'];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-amount, unit);
};

const signedIn = (app, token) => {
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
          h('p', { class: 'hint' }, 'The claims of the id_token, after its signature and every claim in it were checked on this page.'),
          claimsTable(claims)),
        userinfoCard(app)),
      h('div', { class: 'stack aside' },
        token.element,
        h('section', { class: 'card', 'aria-labelledby': 'session-title' },
          h('h2', { id: 'session-title' }, 'Your session'),
          h('p', {}, 'Reload the page: you stay signed in, without a single request. Close the tab, and this page forgets you. Sign out in another tab, and this one hears of it.'),
          h('p', { class: 'actions' },
            h('button', { class: 'button', type: 'button', id: 'sign-in-login', onclick: () => signIn({ prompt: 'login' }) }, 'Sign in as someone else'))))),
  ];
};

export function homeView(app) {
  let token;
  return {
    title: 'Home',
    render() {
      if (!app.client.isAuthenticated) return [welcome(app), troubleSection(app)];
      token = tokenCard(app);
      return [...signedIn(app, token), troubleSection(app)];
    },
    leave: () => token?.stop(),
  };
}
