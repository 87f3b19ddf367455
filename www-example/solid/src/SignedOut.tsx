import type { FallbackProps } from "oidc-client-wasm/solid";
import { Show } from "solid-js";

/** What a person sees who is not signed in: that something is under way, or a button, and why the last login failed. */
export function SignedOut(props: FallbackProps) {
  return (
    <Show when={props.status === "signed-out"} fallback={<p id="loading">One moment …</p>}>
      <Show when={props.error}>{(error) => <p id="error">{error().message}</p>}</Show>
      <button id="sign-in" onClick={() => props.signIn()}>Sign in</button>
    </Show>
  );
}
