// Errors on purpose: what a person sees when a login goes wrong, one button each.

import { showError } from './errors.js';
import { h, whileBusy } from './dom.js';

const nowhere = 'http://localhost:1';

const scenarios = [
  {
    id: 'trouble-deny',
    title: 'You say no',
    when: 'signed-out',
    text: 'Demo ID asks for your permission. Press “Deny” there and see how this page takes it.',
    button: 'Ask me first',
    run: ({ signIn }) => signIn({ prompt: 'consent' }),
  },
  {
    id: 'trouble-refused',
    title: 'The provider refuses',
    when: 'signed-out',
    text: 'This page asks for something Demo ID does not offer: to create an account.',
    button: 'Ask anyway',
    run: ({ signIn }) => signIn({ prompt: 'create' }),
  },
  {
    id: 'trouble-withdrawn',
    title: 'Your access is withdrawn',
    when: 'signed-in',
    text: 'As if you had removed this application from your account at Demo ID. Then this page tries to go on.',
    button: 'Withdraw it',
    async run({ client }) {
      try {
        // Behind the package's back: client.revokeToken() would have told it.
        const { revocation_endpoint: url } = await client.loadServerMetadata();
        await fetch(url, { method: 'POST', body: new URLSearchParams({ token: client.token.refresh_token, client_id: client.clientId }) });
        await client.refreshToken();
      } catch (error) {
        if (client.isAuthenticated) showError(error); // else the session has ended, and the page has said so
      }
    },
  },
  {
    id: 'trouble-origin',
    title: 'A token on its way elsewhere',
    when: 'signed-in',
    text: 'A mistake in this page’s code, or somebody’s intent: your access token is to go to a site that is not its API.',
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
    text: 'An attacker sends you a link with a code of their own, to sign you in as somebody else.',
    button: 'Open the link',
    async run({ client }) {
      // What such a link looks like. handleRedirect() would leave it alone, since no login of this tab knows its state;
      // authorizeAccessToken() is told to judge it, and says what is wrong with it.
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
    text: 'Another provider is configured at an address where nothing answers.',
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
  h('p', { class: 'lead' }, 'A lot can fail. Try some of it, and read what a person gets to read.'),
  h('ul', { class: 'tiles' }, scenarios.filter(({ when }) => !when || (when === 'signed-in') === app.client.isAuthenticated).map(({ id, title, text, button, run }) => {
    const start = h('button', { id, class: 'button', type: 'button' }, button);
    start.addEventListener('click', whileBusy(start, () => run(app)));
    return h('li', {}, h('h3', {}, title), h('p', {}, text), start);
  })));
