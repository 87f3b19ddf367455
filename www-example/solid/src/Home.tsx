import { A } from "@solidjs/router";
import { useAuth } from "oidc-client-wasm/solid";
import { Show } from "solid-js";
import { SignedOut } from "./SignedOut";

export function Home() {
  const { status, claims, error, signIn, signOut } = useAuth();
  return (
    <main>
      <h1>Solid</h1>
      <Show when={status() === "signed-in"} fallback={<SignedOut status={status()} error={error()} signIn={signIn} />}>
        <p>
          Signed in as <span id="name">{claims()?.name}</span>
        </p>
        <button id="sign-out" onClick={signOut}>Sign out</button>
      </Show>
      <p>
        <A id="to-protected" href="/protected">The protected page</A>
      </p>
    </main>
  );
}
