"use client";
import { useAuth } from "oidc-client-wasm/react";
import { SignedOut } from "./signed-out";

export function Person() {
  const auth = useAuth();
  if (auth.status !== "signed-in") return <SignedOut {...auth} />;
  return (
    <>
      <p>
        Signed in as <span id="name">{String(auth.claims?.name)}</span>
      </p>
      <button id="sign-out" onClick={() => auth.signOut()}>Sign out</button>
    </>
  );
}
