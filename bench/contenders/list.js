// The contenders: this package, its peers, and the floor. The adapter of a contender has the lines that an application would write around
// the package. An adapter starts the page with a function that takes the settings and gives
//   login()      navigates to the provider
//   finish()     finishes the login on the callback page; absent where the package does that when it starts
//   user()       the claims of the signed-in user, or null
//   token()      an access token that is valid, renewed where the stored token has expired
//   refresh()    a new access token in any case
//   warm         the values that a component reads while it renders: { claims, isAuthenticated, token }
// `secure` demands https of the provider; `local` can keep its tokens in localStorage; `note` is said beside the title. A `variant` is the
// same application with a page that helps it to start, so the suite `flow` alone runs it: the page has a link that preloads the file `preload`.

export const ours = 'oidc-client-wasm';
export const floor = 'floor';

export const contenders = [
  { name: ours, package: ours, adapter: 'oidc-client-wasm.js', files: ['oidc_client_wasm_bg.wasm'] },
  {
    name: `${ours}-preload`, package: ours, adapter: 'oidc-client-wasm.js', files: ['oidc_client_wasm_bg.wasm'], note: 'preload link', variant: true,
    preload: 'oidc_client_wasm_bg.wasm',
  },
  { name: floor, adapter: 'floor.js', title: 'the floor (hand-written, no checks)' },
  { name: 'oidc-client-ts', package: 'oidc-client-ts', adapter: 'oidc-client-ts.js', local: true },
  { name: 'oauth4webapi', package: 'oauth4webapi', adapter: 'oauth4webapi.js', title: 'oauth4webapi + glue' },
  { name: 'auth0-spa-js', package: '@auth0/auth0-spa-js', adapter: 'auth0-spa-js.js', note: 'localStorage' },
  { name: 'msal-browser', package: '@azure/msal-browser', adapter: 'msal-browser.js', secure: true, local: true },
  { name: 'keycloak-js', package: 'keycloak-js', adapter: 'keycloak-js.js', note: 'iframe' },
  { name: 'axa-oidc-client', package: '@axa-fr/oidc-client', adapter: 'axa-oidc-client.js', title: '@axa-fr/oidc-client', local: true },
  { name: 'oidc-spa', package: 'oidc-spa', adapter: 'oidc-spa.js', note: 'iframe' },
].map((contender) => ({ title: contender.package ?? contender.name, ...contender }));
