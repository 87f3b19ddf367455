"use client";
import { isOAuthError } from "oidc-client-wasm";
import { useAuth } from "oidc-client-wasm/react";
import { useState } from "react";

export function Orders() {
  const { claims, client, signOut } = useAuth();
  const [orders, setOrders] = useState("");

  async function load() {
    try {
      const response = await client.get("orders"); // the access token is added for the API of apiBaseUrl
      setOrders(await response.text());
    } catch (error) {
      setOrders(isOAuthError(error) ? error.message : String(error));
      console.error(error, isOAuthError(error) && error.remedy); // the remedy is for developers
    }
  }

  return (
    <>
      <p>Signed in as {String(claims?.name)}</p>
      <button onClick={load}>My orders</button>
      <button onClick={() => signOut()}>Sign out</button>
      <pre>{orders}</pre>
    </>
  );
}
