import { A } from "@solidjs/router";
import { useAuth } from "oidc-client-wasm/solid";
import { createSignal, Show } from "solid-js";

/** Only for a signed-in person: the guard of the route renders it. */
export function Protected() {
  const { claims, client, error, signOut } = useAuth();
  const [answer, setAnswer] = createSignal<string>();

  async function callApi() {
    // The access token is added, and renewed before, where the API is that of `apiBaseUrl`.
    const response = await client.get("orders").catch((error: Error) => error);
    setAnswer(response instanceof Error ? response.message : await response.text());
  }

  return (
    <main>
      <h1>Protected</h1>
      <p>
        Signed in as <span id="name">{claims()?.name}</span>
      </p>
      <Show when={error()}>{(error) => <p id="error">{error().message}</p>}</Show>
      <button id="call-api" onClick={callApi}>Call the API</button>
      <button id="sign-out" onClick={signOut}>Sign out</button>
      <Show when={answer() !== undefined}>
        <pre id="api">{answer()}</pre>
      </Show>
      <p>
        <A href="/">Home</A>
      </p>
    </main>
  );
}
