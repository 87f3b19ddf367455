import { useEffect, useState } from "react";
import { useAuth, withAuth } from "oidc-client-wasm/react";

function AccountPage() {
  const { status, client, expiresAt, claims: user, signOut: signoutRedirect } = useAuth();
  const isAuthenticated = status === "signed-in";
  const isLoading = !["signed-in", "signed-out"].includes(status);
  const [orders, setOrders] = useState<string[]>([]);

  useEffect(() => {
    (async () => {
      try {
        const token = user ? await client.getAccessToken() : undefined;
        const answer = await fetch("https://api.example.com/orders", { headers: { Authorization: `Bearer ${token}` } });
        setOrders(await answer.json());
      } catch (error) {
        console.error(error);
      }
    })();
  }, [expiresAt]);

  if (isLoading || !isAuthenticated) return null;
  return (
    <section>
      <h1>{user?.email}</h1>
      <ul>
        {orders.map((order) => (
          <li key={order}>{order}</li>
        ))}
      </ul>
      <button onClick={() => client.refreshToken()}>Renew</button>
      <button onClick={() => signoutRedirect({ postLogoutRedirectUri: window.location.origin })}>Log out</button>
    </section>
  );
}

export const Account = withAuth(AccountPage, {
  fallback: () => <div>One moment...</div>,
});
