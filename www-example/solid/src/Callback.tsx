import { A } from "@solidjs/router";
import { useAuth } from "oidc-client-wasm/solid";
import { SignedOut } from "./SignedOut";

/** The page of `redirectUri`. `AuthProvider` goes on to where the login began, also after a failure, so that a user who comes from the provider does not stay here. */
export function Callback() {
  const { status, error, signIn } = useAuth();
  return (
    <main>
      <SignedOut status={status()} error={error()} signIn={() => signIn({ appState: { returnTo: "/" } })} />
      <p>
        <A href="/">Home</A>
      </p>
    </main>
  );
}
