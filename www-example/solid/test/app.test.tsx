// The pages of the app with clients whose state the test sets: no WebAssembly, no provider and no network.

import { Route, Router } from "@solidjs/router";
import { cleanup, fireEvent, render, screen } from "@solidjs/testing-library";
import { AuthProvider, RequireAuth } from "oidc-client-wasm/solid";
import { createTestAuth, oauthError, type TestAuth } from "oidc-client-wasm/testing";
import type { ParentProps } from "solid-js";
import { afterEach, expect, test, vi } from "vitest";
import { Callback } from "../src/Callback";
import { Home } from "../src/Home";
import { Protected } from "../src/Protected";
import { SignedOut } from "../src/SignedOut";

afterEach(cleanup);

const Guarded = (props: ParentProps) => <RequireAuth fallback={SignedOut}>{props.children}</RequireAuth>;

/** Opens the app at an address. */
function open(path: string, auth: TestAuth) {
  history.replaceState(null, "", path);
  render(() => (
    <AuthProvider auth={auth}>
      <Router>
        <Route path="/" component={Home} />
        <Route path="/callback" component={Callback} />
        <Route component={Guarded}>
          <Route path="/protected" component={Protected} />
        </Route>
      </Router>
    </AuthProvider>
  ));
}

const button = (name: string) => screen.findByRole("button", { name });

test("a signed-in person is greeted by name", async () => {
  open("/", createTestAuth({ demo: { claims: { name: "Alice" } } }));
  await screen.findByText("Alice");
  await button("Sign out");
});

test("a person signs in from the button, and the login comes back to the page", async () => {
  const auth = createTestAuth({ demo: null });
  open("/", auth);
  fireEvent.click(await button("Sign in"));
  expect(auth.called("authorizeRedirect")).toEqual([[{ appState: { returnTo: "/" } }]]);
  screen.getByText("One moment …");
  auth.signIn({ name: "Alice" });
  screen.getByText("Alice");
});

test("a login that is refused is told, and the person may try again", async () => {
  const auth = createTestAuth({ demo: null });
  open("/", auth);
  fireEvent.click(await button("Sign in"));
  const error = oauthError("authorization_refused");
  auth.fail(error);
  screen.getByText(error.message);
  await button("Sign in");
});

test("the guard leads a stranger to the login, and shows the page after it", async () => {
  const auth = createTestAuth({ demo: null });
  open("/protected?of=42", auth);
  await screen.findByText("One moment …");
  expect(auth.called("authorizeRedirect")).toEqual([[{ appState: { returnTo: "/protected?of=42" } }]]);
  expect(screen.queryByText("Protected")).toBe(null);
  auth.signIn({ name: "Alice" });
  screen.getByText("Protected");
  screen.getByText("Alice");
});

test("the guard begins no login for a person whose session has ended", async () => {
  const auth = createTestAuth({ demo: {} });
  open("/protected", auth);
  await screen.findByText("Protected");
  auth.signOut({ reason: "other-tab" });
  expect(screen.queryByText("Protected")).toBe(null);
  await button("Sign in");
  expect(auth.called("authorizeRedirect")).toEqual([]);
});

test("a sign-out shows nothing of the person while the page leaves", async () => {
  const auth = createTestAuth({ demo: { claims: { name: "Alice" } } });
  open("/protected", auth);
  fireEvent.click(await button("Sign out"));
  expect(auth.called("logoutRedirect")).toEqual([[]]);
  screen.getByText("One moment …");
  expect(screen.queryByText("Alice")).toBe(null);
});

test("a page that loads shows no button yet", async () => {
  const auth = createTestAuth({ demo: {} }, { loading: true });
  open("/protected", auth);
  await screen.findByText("One moment …");
  expect(screen.queryByRole("button")).toBe(null);
  auth.load();
  screen.getByText("Protected");
});

test("the API is called with the access token of the person", async () => {
  const asked: Request[] = [];
  const fetch = (request: Request) => {
    asked.push(request);
    return Response.json([{ id: 1 }]);
  };
  open("/protected", createTestAuth({ demo: { apiBaseUrl: "https://api.example/" } }, { fetch }));
  fireEvent.click(await button("Call the API"));
  await screen.findByText('[{"id":1}]');
  expect(asked.map(({ url, headers }) => [url, headers.get("Authorization")])).toEqual([["https://api.example/orders", "Bearer fake-access-token-1-of-demo"]]);
});

test("the page of the redirect URI offers another login after a failure", async () => {
  const auth = createTestAuth({ demo: null }, { loading: true });
  open("/callback", auth);
  await screen.findByText("One moment …");
  auth.load("authorization_refused");
  fireEvent.click(await button("Sign in"));
  expect(auth.called("authorizeRedirect")).toEqual([[{ appState: { returnTo: "/" } }]]);
});

test("after a login the person is back where it began", async () => {
  const auth = createTestAuth({ demo: null }, { loading: true });
  open("/callback", auth);
  auth.load({ kind: "login", claims: { name: "Alice" }, appState: { returnTo: "/protected" } });
  await vi.waitFor(() => screen.getByText("Protected"));
});
