// «Demo Code Host»: plain OAuth 2.0, without OpenID Connect. There is no id_token: the API says who signed in.

import { isOAuthError } from 'oidc-client-wasm';
import { fill, h, whileBusy } from './dom.js';
import { notify, showError } from './messages.js';

const month = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'long' });

const fact = (label, value) => value !== undefined && value !== null && [h('dt', {}, label), h('dd', {}, value)];

const profile = (user) => [
  h('p', { class: 'person' },
    h('span', { class: 'initial', 'aria-hidden': 'true' }, user.name[0]),
    h('span', {}, h('strong', {}, user.name), h('span', { class: 'hint' }, `@${user.login}`))),
  h('p', {}, user.bio),
  h('dl', { class: 'facts' },
    fact('Email', user.email),
    fact('Place', user.location),
    fact('Public repositories', String(user.public_repos)),
    fact('Member since', month.format(new Date(user.created_at)))),
];

async function load({ client, signIn, signal }, place) {
  const again = (text, action) => {
    const button = h('button', { class: 'button', type: 'button' }, text);
    button.addEventListener('click', whileBusy(button, action));
    return h('p', { class: 'actions' }, button);
  };
  try {
    // Relative to `api_base_url`.
    const response = await client.get('user', { signal });
    if (response.ok) fill(place, profile(await response.json()));
    else if (response.status === 401) {
      fill(place, h('p', {}, 'Demo Code Host does not accept your access any more.'), again('Sign in again', () => signIn({}, client)));
    } else throw new Error(`status ${response.status}`);
  } catch (error) {
    if (signal.aborted) return;
    if (isOAuthError(error) && error.kind === 'usage') showError(error);
    fill(place, h('p', {}, 'Your profile could not be read now.'), again('Try again', () => load({ client, signIn, signal }, place)));
  }
}

export function codeHostCard({ oauth, signIn }) {
  const client = oauth.codehost;
  const left = new AbortController();
  const content = h('div', { id: 'codehost', class: 'content' });

  if (client.isAuthenticated) {
    const place = h('div', { id: 'codehost-profile', class: 'content', 'aria-live': 'polite' }, h('p', { class: 'hint' }, 'Asking the API of Demo Code Host for your profile…'));
    const signOut = h('button', { id: 'codehost-sign-out', class: 'button', type: 'button' }, 'Sign out here');
    signOut.addEventListener('click', whileBusy(signOut, async () => {
      await client.clear();
      notify('You are signed out of Demo Code Host on this page. Demo Code Host has no sign-out page.');
    }));
    fill(content, place, h('p', { class: 'actions' }, signOut));
    void load({ client, signIn, signal: left.signal }, place);
  } else {
    const start = h('button', { id: 'codehost-sign-in', class: 'button primary', type: 'button' }, 'Sign in with Demo Code Host');
    start.addEventListener('click', whileBusy(start, () => signIn({}, client)));
    fill(content,
      h('p', {}, 'This server issues no id_token. The page knows about you what the API answers to your access token. State and PKCE protect the login as they do with OpenID Connect.'),
      h('p', { class: 'actions' }, start));
  }

  return {
    element: h('section', { class: 'card', 'aria-labelledby': 'codehost-title' },
      h('div', { class: 'title' }, h('h2', { id: 'codehost-title' }, 'Demo Code Host'), h('span', { class: 'badge' }, 'Plain OAuth 2.0')),
      content),
    stop: () => left.abort(),
  };
}
