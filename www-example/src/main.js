// The demo application: loads the package, finishes what a redirect brought, then shows a view.

import { createOAuth, isOAuthError } from 'oidc-client-wasm';
import { createApp, nameOf, providerNames, showUser } from './app.js';
import { byId, whileBusy } from './dom.js';
import { registerGoogle } from './google.js';
import { homeView } from './home.js';
import { record, watchDevtoolsButton } from './last-login.js';
import { clearMessages, notify, showError } from './messages.js';
import { notFoundView } from './not-found.js';
import { watchConnection } from './offline.js';
import { ordersView } from './orders.js';
import { providersView } from './providers.js';
import { route, routeOthers, show, startRouter } from './router.js';
import { watchSession } from './session.js';

/** Back to the view where the person was: this application put its path into `appState` before it left. */
function returnTo(appState) {
  const { path } = appState ?? {};
  if (typeof path === 'string') history.replaceState(null, '', new URL(path, location.origin).pathname);
}

/** Finishes the login or logout that this URL answers, if it answers one. */
async function finishRedirect({ oauth, signIn }) {
  try {
    const result = await oauth.handleRedirect();
    if (!result) return;
    const { kind, client, appState } = result;
    returnTo(appState);
    if (kind === 'logout') notify('You are signed out.');
    else notify(client.claims ? `You are signed in as ${nameOf(client)}.` : `You are signed in at ${providerNames[client.name]}.`);
  } catch (error) {
    returnTo(error.appState);
    // The same answer cannot be tried again, so «Try again» starts a new sign-in.
    const retry = isOAuthError(error) && error.kind !== 'usage' ? () => signIn({}, oauth.client(error.clientName)) : undefined;
    showError(error, { retry });
  }
}

async function start() {
  watchConnection();
  let oauth;
  try {
    oauth = await createOAuth('/settings.json', { log: record });
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
  routeOthers(notFoundView());
  watchDevtoolsButton(byId('devtools'), oauth);
  byId('sign-in').addEventListener('click', whileBusy(byId('sign-in'), () => app.signIn()));
  byId('sign-out').addEventListener('click', whileBusy(byId('sign-out'), () => app.signOut()));

  await finishRedirect(app);
  showUser(app.client);
  startRouter(clearMessages);
  show();

  // Metadata and keys are fetched now, so that the click on «Sign in» leaves at once and the callback needs one request. If this
  // fails, the click shows the error; a visitor who does not sign in need not see it.
  if (!app.client.isAuthenticated) app.client.preload().catch(() => {});
}

void start();
