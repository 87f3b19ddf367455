import { UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { start } from '../page/start.js';

void start(async ({ issuer, clientId, redirectUri, scope, store }) => {
  const manager = new UserManager({
    authority: issuer, client_id: clientId, redirect_uri: redirectUri, scope,
    ...(store === 'local' && { userStore: new WebStorageStateStore({ store: localStorage }) }),
  });
  const token = async () => {
    const user = await manager.getUser();
    return (user.expired ? await manager.signinSilent() : user).access_token;
  };
  return {
    login: () => manager.signinRedirect(),
    finish: () => manager.signinCallback(),
    user: async () => (await manager.getUser())?.profile ?? null,
    token,
    refresh: async () => (await manager.signinSilent()).access_token,
    warm: {
      claims: async () => (await manager.getUser())?.profile, isAuthenticated: async () => !!(await manager.getUser()), token: () => manager.getUser(),
    },
  };
});
