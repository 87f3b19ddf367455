// Only for a signed-in person: the guard of the route lets nobody else in. When the session ends, the page shows nothing of the person.

import { HttpClient } from "@angular/common/http";
import { Component, inject, signal } from "@angular/core";
import { RouterLink } from "@angular/router";
import { injectAuth } from "oidc-client-wasm/angular";
import { apiBaseUrl } from "./auth";
import { SignedOut } from "./signed-out";

@Component({
  selector: "app-protected",
  imports: [RouterLink, SignedOut],
  template: `
    <main>
      <h1>Protected</h1>
      @if (auth.status() === "signed-in") {
        <p>Signed in as <span id="name">{{ auth.claims()?.name }}</span></p>
        @if (auth.error(); as error) {
          <p id="error">{{ error.message }}</p>
        }
        <button id="call-api" (click)="callApi()">Call the API</button>
        <button id="sign-out" (click)="auth.signOut()">Sign out</button>
        @if (answer() !== undefined) {
          <pre id="api">{{ answer() }}</pre>
        }
      } @else {
        <app-signed-out />
      }
      <p><a routerLink="/">Home</a></p>
    </main>
  `,
})
export default class Protected {
  protected readonly auth = injectAuth();
  protected readonly answer = signal<string | undefined>(undefined);
  private readonly http = inject(HttpClient);

  protected callApi(): void {
    // The interceptor adds the access token, which the client renews before.
    this.http.get(`${apiBaseUrl}orders`, { responseType: "text" }).subscribe({
      next: (text) => this.answer.set(text),
      error: (error: Error) => this.answer.set(error.message),
    });
  }
}
