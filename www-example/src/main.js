// The demo application: loads the package, finishes what a redirect brought, then shows a view.

import { createOAuth, isOAuthError } from 'oidc-client-wasm';
import { byId, whileBusy } from './dom.js';
import { hideError, showError } from './errors.js';
import { homeView } from './home.js';
import { ordersView } from './orders.js';
import { here, route, show, startRouter } from './router.js';

const nameOf = ({ claims }) => claims.name ?? claims.email ?? claims.sub;

const notify = (text) => { byId('notice').textContent = text; };

/** Where to go after a login or logout: what this application put into `appState` before it left. */
const returnTo = (appState) => (typeof appState?.path === 'string' ? appState.path : undefined);

function createApp(oauth) {
  const client = oauth.demo;
  const app = {
    oauth,
    client,

    async signIn(params = {}) {
      hideError();
      try {
        await client.authorizeRedirect({ ...params, appState: { path: here() } });
      } catch (error) {
        showError(error, { retry: () => app.signIn(params) });
      }
    },

    async signOut() {
      hideError();
      try {
        // Without an end_session_endpoint the person is at least signed out here.
        await client.logoutRedirect({ appState: { path: here() }, fallback: 'local' });
      } catch (error) {
        showError(error, { retry: app.signOut });
      }
      // Still here: the navigation has not begun yet, or there was none. Either way this page shows what is true now.
      showUser(client);
      show();
    },
  };
  return app;
}

function showUser(client) {
  const { isAuthenticated } = client;
  byId('user').hidden = !isAuthenticated;
  byId('sign-out').hidden = !isAuthenticated;
  byId('sign-in').hidden = isAuthenticated;
  byId('user-name').textContent = isAuthenticated ? nameOf(client) : '';
  byId('user-initial').textContent = isAuthenticated ? nameOf(client)[0].toUpperCase() : '';
}

/** Finishes the login or logout that this page load may be the answer to. */
async function finishRedirect({ oauth, client, signIn }) {
  try {
    const result = await oauth.handleRedirect();
    if (!result) return;
    const path = returnTo(result.appState);
    if (path) history.replaceState(null, '', new URL(path, location.origin).pathname);
    notify(result.kind === 'login'
      ? `You are signed in as ${nameOf(client)}.`
      : 'You are signed out. This page has forgotten you.');
  } catch (error) {
    const path = returnTo(error.appState);
    if (path) history.replaceState(null, '', new URL(path, location.origin).pathname);
    // A rejected answer is no reason to try the same again, a new sign-in is.
    showError(error, { retry: isOAuthError(error) && error.kind !== 'usage' ? () => signIn() : undefined });
  }
}

async function start() {
  let oauth;
  try {
    oauth = await createOAuth('/settings.json');
  } catch (error) {
    byId('view').replaceChildren();
    showError(error, { retry: () => location.reload() });
    return;
  }

  const app = createApp(oauth);
  route('/', homeView(app));
  route('/orders', ordersView(app));
  byId('sign-in').addEventListener('click', whileBusy(byId('sign-in'), () => app.signIn()));
  byId('sign-out').addEventListener('click', whileBusy(byId('sign-out'), () => app.signOut()));

  await finishRedirect(app);
  showUser(app.client);
  startRouter(() => {
    hideError();
    notify('');
  });
  show();

  // Fetched now, so that the click on «Sign in» leaves at once and the way back needs one request. If it fails, the
  // click will say so: a person who only reads this page need not know.
  if (!app.client.isAuthenticated) app.client.preload().catch(() => {});
}

void start();
