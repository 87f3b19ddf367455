// The app with clients whose state the test sets: no WebAssembly, no provider and no network.

import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { AuthProvider } from "oidc-client-wasm/react";
import { createTestAuth, oauthError, type TestAuth } from "oidc-client-wasm/testing";
import { RouterProvider } from "react-router/dom";
import { afterEach, expect, test } from "vitest";
import { router } from "../src/router";

afterEach(cleanup);

/** Opens the app at an address. */
async function open(path: string, auth: TestAuth) {
  await router.navigate(path);
  render(
    <AuthProvider auth={auth}>
      <RouterProvider router={router} />
    </AuthProvider>,
  );
}

const button = (name: string) => screen.getByRole("button", { name });

test("a signed-in person is greeted by name", async () => {
  await open("/", createTestAuth({ demo: { claims: { name: "Alice" } } }));
  screen.getByText("Alice");
  button("Sign out");
});

test("a person signs in from the button, and the login comes back to the page", async () => {
  const auth = createTestAuth({ demo: null });
  await open("/", auth);
  fireEvent.click(button("Sign in"));
  expect(auth.called("authorizeRedirect")).toEqual([[{ appState: { returnTo: "/" } }]]);
  screen.getByText("One moment …");
  act(() => auth.signIn({ name: "Alice" }));
  screen.getByText("Alice");
});

test("a login that is refused is told, and the person may try again", async () => {
  const auth = createTestAuth({ demo: null });
  await open("/", auth);
  fireEvent.click(button("Sign in"));
  const error = oauthError("authorization_refused");
  await act(async () => auth.fail(error));
  screen.getByText(error.message);
  button("Sign in");
});

test("the guard leads a stranger to the login, and shows the page after it", async () => {
  const auth = createTestAuth({ demo: null });
  await open("/protected?of=42", auth);
  expect(auth.called("authorizeRedirect")).toEqual([[{ appState: { returnTo: "/protected?of=42" } }]]);
  screen.getByText("One moment …");
  expect(screen.queryByText("Protected")).toBe(null);
  act(() => auth.signIn({ name: "Alice" }));
  screen.getByText("Protected");
  screen.getByText("Alice");
});

test("the guard begins no login for a person whose session has ended", async () => {
  const auth = createTestAuth({ demo: {} });
  await open("/protected", auth);
  screen.getByText("Protected");
  act(() => auth.signOut({ reason: "other-tab" }));
  expect(screen.queryByText("Protected")).toBe(null);
  button("Sign in");
  expect(auth.called("authorizeRedirect")).toEqual([]);
});

test("a sign-out shows nothing of the person while the page leaves", async () => {
  const auth = createTestAuth({ demo: { claims: { name: "Alice" } } });
  await open("/protected", auth);
  fireEvent.click(button("Sign out"));
  expect(auth.called("logoutRedirect")).toEqual([[]]);
  screen.getByText("One moment …");
  expect(screen.queryByText("Alice")).toBe(null);
});

test("a page that loads shows no button yet", async () => {
  const auth = createTestAuth({ demo: {} }, { loading: true });
  await open("/protected", auth);
  screen.getByText("One moment …");
  act(() => auth.load());
  screen.getByText("Protected");
});

test("the API is called with the access token of the person", async () => {
  const asked: Request[] = [];
  const fetch = (request: Request) => {
    asked.push(request);
    return Response.json([{ id: 1 }]);
  };
  await open("/protected", createTestAuth({ demo: { apiBaseUrl: "https://api.example/" } }, { fetch }));
  fireEvent.click(button("Call the API"));
  await screen.findByText('[{"id":1}]');
  expect(asked.map(({ url, headers }) => [url, headers.get("Authorization")])).toEqual([["https://api.example/orders", "Bearer fake-access-token-1-of-demo"]]);
});

test("a failure of the API is told", async () => {
  const auth = createTestAuth({ demo: {} });
  auth.reply("get", () => Promise.reject(oauthError("timeout")));
  await open("/protected", auth);
  fireEvent.click(button("Call the API"));
  await screen.findByText(oauthError("timeout").message);
});

test("the page of the redirect URI offers another login after a failure", async () => {
  const auth = createTestAuth({ demo: null }, { loading: true });
  await open("/callback", auth);
  screen.getByText("One moment …");
  await act(async () => auth.load("authorization_refused"));
  fireEvent.click(button("Sign in"));
  expect(auth.called("authorizeRedirect")).toEqual([[{ appState: { returnTo: "/" } }]]);
});

test("after a login the person is back where it began", async () => {
  const auth = createTestAuth({ demo: null }, { loading: true });
  await open("/callback", auth);
  await act(async () => auth.load({ kind: "login", claims: { name: "Alice" }, appState: { returnTo: "/protected" } }));
  await screen.findByText("Protected");
});
