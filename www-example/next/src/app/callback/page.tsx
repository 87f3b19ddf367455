"use client";
import { useAuth } from "oidc-client-wasm/react";
import Link from "next/link";

/** The page of `redirectUri`. `AuthProvider` goes on to where the login began, also after a failure, so that a user who comes from the provider does not stay here. */
export default function Callback() {
  const { status, error, signIn } = useAuth();
  return (
    <main>
      {status === "signed-out" ? (
        <>
          {error && <p id="error">{error.message}</p>}
          <button id="sign-in" onClick={() => signIn({ appState: { returnTo: "/" } })}>Sign in</button>
        </>
      ) : (
        <p id="loading">One moment …</p>
      )}
      <p>
        <Link href="/">Home</Link>
      </p>
    </main>
  );
}
