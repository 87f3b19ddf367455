import { provideHttpClient, withInterceptors } from "@angular/common/http";
import { bootstrapApplication } from "@angular/platform-browser";
import { provideRouter } from "@angular/router";
import { authInterceptor, provideAuth } from "oidc-client-wasm/angular";
import { App } from "./app";
import { auth } from "./auth";
import { routes } from "./routes";

void bootstrapApplication(App, {
  providers: [
    provideAuth(auth),
    provideRouter(routes),
    // The interceptor adds the access token to requests to the API of `apiBaseUrl`, and to no others.
    provideHttpClient(withInterceptors([authInterceptor])),
  ],
});
