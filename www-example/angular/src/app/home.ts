import { Component } from "@angular/core";
import { RouterLink } from "@angular/router";
import { injectAuth } from "oidc-client-wasm/angular";
import { SignedOut } from "./signed-out";

@Component({
  selector: "app-home",
  imports: [RouterLink, SignedOut],
  template: `
    <main>
      <h1>Angular</h1>
      @if (auth.status() === "signed-in") {
        <p>Signed in as <span id="name">{{ auth.claims()?.name }}</span></p>
        <button id="sign-out" (click)="auth.signOut()">Sign out</button>
      } @else {
        <app-signed-out />
      }
      <p><a id="to-protected" routerLink="/protected">The protected page</a></p>
    </main>
  `,
})
export class Home {
  protected readonly auth = injectAuth();
}
