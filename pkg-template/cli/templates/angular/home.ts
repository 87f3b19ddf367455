import { Component } from "@angular/core";
import { injectAuth } from "oidc-client-wasm/angular";

@Component({
  selector: "app-home",
  template: `
    @if (auth.error(); as error) {
      <p>{{ error.message }}</p>
    }
    @switch (auth.status()) {
      @case ("signed-out") {
        <button (click)="auth.signIn()">Sign in</button>
      }
      @case ("signed-in") {
        <p>Hello {{ auth.claims()?.name }}</p>
        <button (click)="auth.signOut()">Sign out</button>
      }
      @default {
        <p>One moment …</p>
      }
    }
  `,
})
export class Home {
  protected readonly auth = injectAuth();
}
