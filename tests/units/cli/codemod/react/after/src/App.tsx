import { useEffect, useState } from "react";
import { useAuth } from "oidc-client-wasm/react";
import { Account } from "./Account";

/** Whether an address has the response of a provider. */
function hasAuthParams(location: Location = window.location) {
  return [location.search, location.hash.replace("#", "?")].map((part) => new URLSearchParams(part)).some((part) => (part.has("code") || part.has("error")) && part.has("state"));
}

export default function App() {
  const auth = useAuth();
  const [hasTriedSignin, setHasTriedSignin] = useState(false);

  // signs in by itself, once
  useEffect(() => {
    if (!hasAuthParams() && auth.status !== "signed-in" && !["signing-in", "signing-out"].includes(auth.status) && ["signed-in", "signed-out"].includes(auth.status) && !hasTriedSignin) {
      void auth.signIn({ appState: { from: window.location.pathname } });
      setHasTriedSignin(true);
    }
  }, [auth, hasTriedSignin]);

  switch (auth.status) {
    case "signing-in":
      return <div>Signing you in...</div>;
    case "signing-out":
      return <div>Signing you out...</div>;
  }

  if (!["signed-in", "signed-out"].includes(auth.status)) {
    return <div>Loading...</div>;
  }

  if (auth.error) {
    return <div>Oops... {auth.error.message}</div>;
  }

  if (auth.status === "signed-in") {
    return (
      <div>
        {/* the name, as the provider knows it */}
        Hello {auth.claims?.name ?? auth.claims?.sub}
        <Account />
        <button onClick={() => void auth.client.clear()}>Forget me</button>
        <button onClick={() => void auth.signOut()}>Log out</button>
      </div>
    );
  }

  return <button onClick={() => void auth.signIn()}>Log in</button>;
}
