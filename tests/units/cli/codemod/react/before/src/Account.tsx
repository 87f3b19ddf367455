import { useEffect, useState } from "react";
import { useAuth, withAuthenticationRequired } from "react-oidc-context";

function AccountPage() {
  const { user, isAuthenticated, isLoading, signinSilent, signoutRedirect } = useAuth();
  const [orders, setOrders] = useState<string[]>([]);

  useEffect(() => {
    (async () => {
      try {
        const token = user?.access_token;
        const answer = await fetch("https://api.example.com/orders", { headers: { Authorization: `Bearer ${token}` } });
        setOrders(await answer.json());
      } catch (error) {
        console.error(error);
      }
    })();
  }, [user?.access_token]);

  if (isLoading || !isAuthenticated) return null;
  return (
    <section>
      <h1>{user?.profile.email}</h1>
      <ul>
        {orders.map((order) => (
          <li key={order}>{order}</li>
        ))}
      </ul>
      <button onClick={() => signinSilent()}>Renew</button>
      <button onClick={() => signoutRedirect({ post_logout_redirect_uri: window.location.origin })}>Log out</button>
    </section>
  );
}

export const Account = withAuthenticationRequired(AccountPage, {
  OnRedirecting: () => <div>One moment...</div>,
});
