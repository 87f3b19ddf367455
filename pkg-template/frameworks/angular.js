// The entry `oidc-client-wasm/angular`: providers, signals, a functional guard and an HTTP interceptor on `oidc-client-wasm/store`, for Angular
// 21 and 22, with zone.js and without. An app gets of these files what it uses.

export { createAuth, injectAccessToken, injectAuth, provideAuth, requireAuth } from "./angular/auth.js";
export { WITHHOLD_TOKEN, authInterceptor } from "./angular/http.js";
