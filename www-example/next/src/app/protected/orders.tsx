"use client";
import { useAuth } from "oidc-client-wasm/react";
import { useState } from "react";

/** Only for a signed-in person: the guard of the layout renders it. */
export function Orders() {
  const { claims, client, signOut, error } = useAuth();
  const [answer, setAnswer] = useState<string>();

  async function callApi() {
    // The access token is added, and renewed before, where the API is that of `apiBaseUrl`.
    const response = await client.get("orders").catch((error: Error) => error);
    setAnswer(response instanceof Error ? response.message : await response.text());
  }

  return (
    <>
      <p>
        Signed in as <span id="name">{String(claims?.name)}</span>
      </p>
      {error && <p id="error">{error.message}</p>}
      <button id="call-api" onClick={callApi}>Call the API</button>
      <button id="sign-out" onClick={() => signOut()}>Sign out</button>
      {answer !== undefined && <pre id="api">{answer}</pre>}
    </>
  );
}
