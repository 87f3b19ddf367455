"use client";
import type { UseAuth } from "oidc-client-wasm/react";

/** What a person sees who is not signed in: that something is under way, or a button, and why the last login failed. */
export function SignedOut({ status, error, signIn }: Pick<UseAuth, "status" | "error" | "signIn">) {
  if (status !== "signed-out") return <p id="loading">One moment …</p>;
  return (
    <>
      {error && <p id="error">{error.message}</p>}
      {/* The failure of a login is `error`, too. */}
      <button id="sign-in" onClick={() => signIn()}>Sign in</button>
    </>
  );
}
