// Google: the application contacts it only when public/oauth-clients.json has a client id for it.

import { h, whileBusy } from './dom.js';
import { notify } from './messages.js';

const file = 'oauth-clients.json';

/** `{ client }` if the file has a client id, `{ error }` if its settings are wrong, else `{}`. */
export async function registerGoogle(oauth) {
  try {
    const response = await fetch(`/${file}`, { cache: 'no-store' });
    const { google } = response.ok ? await response.json() : {};
    return google?.client_id ? { client: oauth.register('google', google) } : {};
  } catch (error) {
    return { error };
  }
}

const code = (text) => h('code', {}, text);

const example = `"google": {
  "client_id": "….apps.googleusercontent.com",
  "insecure_client_secret": "GOCSPX-…",
  "server_metadata_url": "https://accounts.google.com/.well-known/openid-configuration",
  "client_kwargs": { "scope": "openid email profile" }
}`;

const whatToDo = () => [
  h('p', {}, 'You must register this application at Google first. Until then this page does not contact Google.'),
  h('ol', { class: 'todo' },
    h('li', {}, 'In the ', h('a', { href: 'https://console.cloud.google.com/apis/credentials', target: '_blank', rel: 'noopener noreferrer' }, 'Google Cloud console'),
      ', create an OAuth client ID of the type “Web application”, with ', code(`${location.origin}/`), ' as authorised redirect URI.'),
    h('li', {}, 'Put its ID into ', code(`www-example/public/${file}`), ' as ', code('client_id'), ', and what Google calls its client secret as ', code('insecure_client_secret'), '.'),
    h('li', {}, 'Reload this page.')),
  h('pre', {}, h('code', {}, example)),
  h('p', { class: 'hint' }, h('strong', {}, 'Why that name? '), 'Google’s token endpoint demands the client secret of “Web application” clients even with PKCE. In a page every visitor can read it, so it protects nothing. The package refuses ',
    code('client_secret'), ', so that you cannot publish a real secret by mistake.'),
];

const badSettings = (error) => [
  h('p', {}, h('strong', {}, 'The settings of Google cannot be used. '), 'Correct ', code(`www-example/public/${file}`), ' and reload this page.'),
  h('dl', { class: 'facts', id: 'google-error' },
    h('dt', {}, 'Error'), h('dd', {}, error.code ?? error.name),
    h('dt', {}, 'What it says'), h('dd', {}, error.message),
    error.remedy && [h('dt', {}, 'Remedy'), h('dd', {}, error.remedy)]),
];

function ready({ signIn }, client) {
  if (!client.isAuthenticated) {
    const start = h('button', { id: 'google-sign-in', class: 'button primary', type: 'button' }, 'Sign in with Google');
    start.addEventListener('click', whileBusy(start, () => signIn({ redirectUri: `${location.origin}/` }, client)));
    return [h('p', {}, 'The settings have a client id. They are written as for a server-side framework.'), h('p', { class: 'actions' }, start)];
  }
  const { claims } = client;
  const signOut = h('button', { id: 'google-sign-out', class: 'button', type: 'button' }, 'Sign out here');
  signOut.addEventListener('click', whileBusy(signOut, async () => {
    await client.clear();
    notify('You are signed out of Google on this page. Google has no sign-out page for applications.');
  }));
  const name = claims.name ?? claims.email ?? claims.sub;
  return [
    h('p', { class: 'person', id: 'google-profile' },
      h('span', { class: 'initial', 'aria-hidden': 'true' }, name[0]),
      h('span', {}, h('strong', {}, name), claims.email !== name && h('span', { class: 'hint' }, claims.email))),
    h('p', { class: 'actions' }, signOut),
  ];
}

export function googleCard(app) {
  const { client, error } = app.google;
  const [state, content] = client ? ['Set up', ready(app, client)] : error ? ['Settings refused', badSettings(error)] : ['Not set up', whatToDo()];
  return {
    element: h('section', { class: 'card', id: 'google', 'aria-labelledby': 'google-title' },
      h('div', { class: 'title' }, h('h2', { id: 'google-title' }, 'Google'), h('span', { class: 'badge' }, state)),
      h('div', { class: 'content' }, content)),
  };
}
