// What every view may ask for: the clients, signing in, signing out.

import { byId } from './dom.js';
import { hideError, showError } from './messages.js';
import { here, show } from './router.js';

export const providerNames = { demo: 'Demo ID', codehost: 'Demo Code Host', google: 'Google' };

/** A plain OAuth 2.0 client has no claims: no id_token says who signed in. */
export const nameOf = ({ claims }) => claims?.name ?? claims?.email ?? claims?.sub;

/** The header, which speaks of the demo's own provider. */
export function showUser({ isAuthenticated, claims }) {
  const name = isAuthenticated ? nameOf({ claims }) : '';
  byId('user').hidden = !isAuthenticated;
  byId('sign-out').hidden = !isAuthenticated;
  byId('sign-in').hidden = isAuthenticated;
  byId('user-name').textContent = name;
  byId('user-initial').textContent = name.slice(0, 1).toUpperCase();
}

export function createApp(oauth) {
  const client = oauth.demo;
  const app = {
    oauth,
    client,

    async signIn(params = {}, at = client) {
      hideError();
      try {
        await at.authorizeRedirect({ ...params, appState: { path: here() } });
      } catch (error) {
        showError(error, { retry: () => app.signIn(params, at) });
      }
    },

    async signOut() {
      hideError();
      try {
        // The refresh token is withdrawn as well; without an end_session_endpoint the person is at least signed out here.
        await client.logoutRedirect({ appState: { path: here() }, fallback: 'local', revoke: true });
      } catch (error) {
        showError(error, { retry: app.signOut });
      }
      // Still here: the navigation has not begun yet, or there was none. Either way this page shows what is true now.
      app.refreshPage();
    },

    /** Shows what is true now. If the element with the focus is gone, the focus goes to the heading of the view. */
    refreshPage() {
      const focused = document.activeElement;
      showUser(client);
      show({ focus: focused?.hidden || byId('view').contains(focused) });
    },
  };
  return app;
}
