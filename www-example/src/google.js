// Google: asleep until public/oauth-clients.json has a client id for it. Until then nothing here contacts Google.

import { notify } from './app.js';
import { h, whileBusy } from './dom.js';
import { explain } from './errors.js';

const file = 'oauth-clients.json';

/** `{ client }` where a client id is set, `{ error }` where the settings are not good, `{}` where there are none. */
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
  h('p', {}, 'Google wants to know an application first. Until you have told it about this one, this page does not contact Google.'),
  h('ol', { class: 'todo' },
    h('li', {}, 'In the ', h('a', { href: 'https://console.cloud.google.com/apis/credentials', target: '_blank', rel: 'noopener noreferrer' }, 'Google Cloud console'),
      ', create an OAuth client ID of the type “Web application”, with ', code(`${location.origin}/`), ' as authorised redirect URI.'),
    h('li', {}, 'Put its ID into ', code(`www-example/public/${file}`), ' as ', code('client_id'), ', and what Google calls its client secret as ', code('insecure_client_secret'), '.'),
    h('li', {}, 'Reload this page.')),
  h('pre', {}, h('code', {}, example)),
  h('p', { class: 'hint' }, h('strong', {}, 'Why that name? '), 'Google’s token endpoint demands the client secret of “Web application” clients even with PKCE. In a page every visitor can read it, so it protects nothing. ',
    code('client_secret'), ' is refused, so that nobody publishes a real secret by mistake.'),
];

const badSettings = (error) => [
  h('p', {}, h('strong', {}, 'The settings of Google cannot be used. '), explain(error).text),
  h('dl', { class: 'facts', id: 'google-error' },
    h('dt', {}, 'Error'), h('dd', {}, error.code ?? error.name),
    h('dt', {}, 'What it says'), h('dd', {}, error.message),
    error.remedy && [h('dt', {}, 'Remedy'), h('dd', {}, error.remedy)]),
];

function ready({ signIn }, client) {
  if (!client.isAuthenticated) {
    const start = h('button', { id: 'google-sign-in', class: 'button primary', type: 'button' }, 'Sign in with Google');
    start.addEventListener('click', whileBusy(start, () => signIn({ redirectUri: `${location.origin}/` }, client)));
    return [h('p', {}, 'A client id is set. The settings are those of a server-side framework, word for word.'), h('p', { class: 'actions' }, start)];
  }
  const { claims } = client;
  const signOut = h('button', { id: 'google-sign-out', class: 'button', type: 'button' }, 'Sign out here');
  signOut.addEventListener('click', whileBusy(signOut, async () => {
    await client.clear();
    notify('This page has forgotten you at Google, which offers applications no sign-out to go to.');
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
