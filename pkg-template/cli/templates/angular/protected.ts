import { HttpClient } from "@angular/common/http";
import { Component, inject, signal } from "@angular/core";
import { injectAuth } from "oidc-client-wasm/angular";
import { apiBaseUrl } from "./auth";

@Component({
  selector: "app-protected",
  template: `
    <p>Signed in as {{ auth.claims()?.name }}</p>
    <button (click)="load()">My orders</button>
    <button (click)="auth.signOut()">Sign out</button>
    <pre>{{ orders() }}</pre>
  `,
})
export default class Protected {
  protected readonly auth = injectAuth();
  protected readonly orders = signal("");
  private readonly http = inject(HttpClient);

  protected load(): void {
    // The interceptor adds the access token for the API of apiBaseUrl.
    this.http.get(`${apiBaseUrl}orders`, { responseType: "text" }).subscribe({
      next: (text) => this.orders.set(text),
      error: (error: Error) => this.orders.set(error.message),
    });
  }
}
