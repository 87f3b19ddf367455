import type { UseAuth } from "oidc-client-wasm/react";
import { useEffect } from "react";

export function SignedOut({ status, error, signIn }: Pick<UseAuth, "status" | "error" | "signIn">) {
  useEffect(() => {
    if (error) console.error(error, error.remedy); // the remedy is for developers
  }, [error]);

  if (status !== "signed-out") return <p>One moment …</p>;
  return (
    <>
      {error && <p>{error.message}</p>}
      <button onClick={signIn}>Sign in</button>
    </>
  );
}
