// What a person sees who is not signed in: that something is under way, or a button, and why the last login failed.

import { Component } from "@angular/core";
import { injectAuth } from "oidc-client-wasm/angular";

@Component({
  selector: "app-signed-out",
  template: `
    @if (auth.status() !== "signed-out") {
      <p id="loading">One moment …</p>
    } @else {
      @if (auth.error(); as error) {
        <p id="error">{{ error.message }}</p>
      }
      <button id="sign-in" (click)="auth.signIn()">Sign in</button>
    }
  `,
})
export class SignedOut {
  protected readonly auth = injectAuth();
}
