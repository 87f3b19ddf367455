import { useAuth } from "oidc-client-wasm/react";
import { Link } from "react-router";
import { SignedOut } from "./SignedOut";

export function Home() {
  const auth = useAuth();
  return (
    <main>
      <h1>React</h1>
      {auth.status === "signed-in" ? (
        <>
          <p>
            Signed in as <span id="name">{auth.claims?.name}</span>
          </p>
          <button id="sign-out" onClick={auth.signOut}>Sign out</button>
        </>
      ) : (
        <SignedOut {...auth} />
      )}
      <p>
        <Link id="to-protected" to="/protected">The protected page</Link>
      </p>
    </main>
  );
}
