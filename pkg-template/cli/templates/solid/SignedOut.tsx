import type { FallbackProps } from "oidc-client-wasm/solid";
import { createEffect, Show } from "solid-js";

export function SignedOut(props: FallbackProps) {
  createEffect(() => {
    if (props.error) console.error(props.error, props.error.remedy); // the remedy is for developers
  });

  return (
    <Show when={props.status === "signed-out"} fallback={<p>One moment …</p>}>
      <Show when={props.error}>{(error) => <p>{error().message}</p>}</Show>
      <button onClick={() => props.signIn()}>Sign in</button>
    </Show>
  );
}
