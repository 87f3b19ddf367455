import { provideHttpClient, withInterceptors } from "@angular/common/http";
import { type ApplicationConfig, provideBrowserGlobalErrorListeners } from "@angular/core";
import { provideRouter } from "@angular/router";
import { authInterceptor, provideAuth } from "oidc-client-wasm/angular";
import { routes } from "./app.routes";
import { auth } from "./auth";

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideAuth(auth),
    provideRouter(routes),
    // The interceptor adds the access token to requests to the API of `apiBaseUrl`, and to no others.
    provideHttpClient(withInterceptors([authInterceptor])),
  ],
};
