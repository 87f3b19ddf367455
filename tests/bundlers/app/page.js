// The page that every tool builds. It signs in at a real provider, and its text tells how far it came. The verifier in Rust is asked
// for, although this browser needs none: it is a second .wasm file and a chunk of JavaScript, which a tool can lose, too.

import { createOAuth } from './oidc.js';

export async function start() {
  const state = document.createElement('p');
  state.id = 'state';
  document.body.append(state);
  const tell = (text) => { state.textContent = text; };
  const fail = (error) => { tell(`failed: ${error.code ?? error.name}: ${error.message} ${error.remedy ?? ''}`); };
  try {
    const query = new URLSearchParams(location.search);
    for (const name of ['issuer', 'tokenStorage']) if (query.get(name)) sessionStorage.setItem(name, query.get(name));
    const oauth = await createOAuth({
      demo: {
        issuer: sessionStorage.getItem('issuer'),
        clientId: 'demo-spa',
        redirectUri: location.origin + location.pathname,
        scope: 'openid profile',
      },
    }, { verifier: 'rust', tokenStorage: sessionStorage.getItem('tokenStorage') ?? 'session' });
    await oauth.handleRedirect();
    if (oauth.demo.isAuthenticated) {
      tell(`signed in: ${oauth.demo.claims.sub}`);
      return;
    }
    const button = document.createElement('button');
    button.id = 'sign-in-here';
    button.textContent = 'Sign in';
    button.onclick = () => oauth.demo.authorizeRedirect().catch(fail);
    document.body.append(button);
    tell('ready');
  } catch (error) {
    fail(error);
  }
}
