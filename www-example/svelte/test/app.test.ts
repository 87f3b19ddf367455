// The app with clients whose state the test sets: no WebAssembly, no provider and no network.

import { fireEvent, render, screen } from "@testing-library/svelte";
import { createTestAuth, oauthError, type TestAuth } from "oidc-client-wasm/testing";
import { tick } from "svelte";
import { expect, test, vi } from "vitest";
import Guard from "../src/routes/(guarded)/+layout.svelte";
import Protected from "../src/routes/(guarded)/protected/+page.svelte";
import Home from "../src/routes/+page.svelte";
import Callback from "../src/routes/callback/+page.svelte";
import App from "./App.svelte";

/** What the root layout imports. Each test has an auth of its own. */
const given = vi.hoisted(() => ({ auth: undefined as unknown, goto: vi.fn() }));
vi.mock("$lib/auth", () => ({
  get auth() {
    return given.auth;
  },
}));
vi.mock("$app/navigation", () => ({ goto: given.goto }));

const pages = { "/": { Page: Home }, "/callback": { Page: Callback }, "/protected": { Page: Protected, Guard } };

/** Opens the app at an address. */
async function open(path: keyof typeof pages, auth: TestAuth) {
  given.auth = auth;
  given.goto.mockClear();
  history.replaceState(null, "", path);
  render(App, pages[path]);
  await tick();
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
  await fireEvent.click(button("Sign in"));
  expect(auth.called("authorizeRedirect")).toEqual([[{ appState: { returnTo: "/" } }]]);
  screen.getByText("One moment …");
  auth.signIn({ name: "Alice" });
  await screen.findByText("Alice");
});

test("a login that is refused is told, and the person may try again", async () => {
  const auth = createTestAuth({ demo: null });
  await open("/", auth);
  await fireEvent.click(button("Sign in"));
  const error = oauthError("authorization_refused");
  auth.fail(error);
  await screen.findByText(error.message);
  button("Sign in");
});

test("the guard leads a stranger to the login, and shows the page after it", async () => {
  const auth = createTestAuth({ demo: null });
  await open("/protected", auth);
  expect(auth.called("authorizeRedirect")).toEqual([[{ appState: { returnTo: "/protected" } }]]);
  screen.getByText("One moment …");
  expect(screen.queryByText("Protected")).toBe(null);
  auth.signIn({ name: "Alice" });
  await screen.findByText("Protected");
  screen.getByText("Alice");
});

test("the guard begins no login for a person whose session has ended", async () => {
  const auth = createTestAuth({ demo: {} });
  await open("/protected", auth);
  screen.getByText("Protected");
  auth.signOut({ reason: "other-tab" });
  await tick();
  expect(screen.queryByText("Protected")).toBe(null);
  button("Sign in");
  expect(auth.called("authorizeRedirect")).toEqual([]);
});

test("a sign-out shows nothing of the person while the page leaves", async () => {
  const auth = createTestAuth({ demo: { claims: { name: "Alice" } } });
  await open("/protected", auth);
  await fireEvent.click(button("Sign out"));
  expect(auth.called("logoutRedirect")).toEqual([[]]);
  screen.getByText("One moment …");
  expect(screen.queryByText("Alice")).toBe(null);
});

test("a page that loads shows no button yet", async () => {
  const auth = createTestAuth({ demo: {} }, { loading: true });
  await open("/protected", auth);
  screen.getByText("One moment …");
  auth.load();
  await screen.findByText("Protected");
});

test("the API is called with the access token of the person", async () => {
  const asked: Request[] = [];
  const fetch = (request: Request) => {
    asked.push(request);
    return Response.json([{ id: 1 }]);
  };
  await open("/protected", createTestAuth({ demo: { apiBaseUrl: "https://api.example/" } }, { fetch }));
  await fireEvent.click(button("Call the API"));
  await screen.findByText('[{"id":1}]');
  expect(asked.map(({ url, headers }) => [url, headers.get("Authorization")])).toEqual([["https://api.example/orders", "Bearer fake-access-token-1-of-demo"]]);
});

test("a failure of the API is told", async () => {
  const auth = createTestAuth({ demo: {} });
  auth.reply("get", () => Promise.reject(oauthError("timeout")));
  await open("/protected", auth);
  await fireEvent.click(button("Call the API"));
  await screen.findByText(oauthError("timeout").message);
});

test("the page of the redirect URI offers another login after a failure", async () => {
  const auth = createTestAuth({ demo: null }, { loading: true });
  await open("/callback", auth);
  screen.getByText("One moment …");
  auth.load("authorization_refused");
  await fireEvent.click(await screen.findByRole("button", { name: "Sign in" }));
  expect(auth.called("authorizeRedirect")).toEqual([[{ appState: { returnTo: "/" } }]]);
});

test("after a login the router goes back to where it began", async () => {
  const auth = createTestAuth({ demo: null }, { loading: true });
  await open("/callback", auth);
  auth.load({ kind: "login", claims: { name: "Alice" }, appState: { returnTo: "/protected" } });
  await vi.waitFor(() => expect(given.goto).toHaveBeenCalledWith("/protected", { replaceState: true }));
});
