import type { UseAuth } from "oidc-client-wasm/react";

export function SignedOut({ status, error, signIn }: Pick<UseAuth, "status" | "error" | "signIn">) {
  if (status !== "signed-out") return <p>One moment …</p>;
  return (
    <>
      {error && <p>{error.message}</p>}
      <button onClick={signIn}>Sign in</button>
    </>
  );
}
