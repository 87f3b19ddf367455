// The demo application: loads the package, finishes what a redirect brought, then shows a view.

import { createOAuth, isOAuthError } from 'oidc-client-wasm';
import { createApp, nameOf, notify, providerNames, showUser } from './app.js';
import { byId, whileBusy } from './dom.js';
import { hideError, showError } from './errors.js';
import { registerGoogle } from './google.js';
import { homeView } from './home.js';
import { watchConnection } from './offline.js';
import { ordersView } from './orders.js';
import { providersView } from './providers.js';
import { route, show, startRouter } from './router.js';
import { watchSession } from './session.js';

/** Back to where the person was: what this application put into `appState` before it left. */
function returnTo(appState) {
  const { path } = appState ?? {};
  if (typeof path === 'string') history.replaceState(null, '', new URL(path, location.origin).pathname);
}

/** Finishes the login or logout that this page load may be the answer to. */
async function finishRedirect({ oauth, signIn }) {
  try {
    const result = await oauth.handleRedirect();
    if (!result) return;
    const { kind, client, appState } = result;
    returnTo(appState);
    if (kind === 'logout') notify('You are signed out. This page has forgotten you.');
    else notify(client.claims ? `You are signed in as ${nameOf(client)}.` : `You are signed in at ${providerNames[client.name]}.`);
  } catch (error) {
    returnTo(error.appState);
    // A rejected answer is no reason to try the same again, a new sign-in is.
    const retry = isOAuthError(error) && error.kind !== 'usage' ? () => signIn({}, oauth.client(error.clientName)) : undefined;
    showError(error, { retry });
  }
}

async function start() {
  watchConnection();
  let oauth;
  try {
    oauth = await createOAuth('/settings.json');
  } catch (error) {
    byId('view').replaceChildren();
    showError(error, { retry: () => location.reload() });
    return;
  }

  const app = createApp(oauth);
  app.google = await registerGoogle(oauth);
  watchSession(app);
  route('/', homeView(app));
  route('/orders', ordersView(app));
  route('/providers', providersView(app));
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
