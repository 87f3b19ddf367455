// The client components with clients whose state the test sets: no WebAssembly, no provider, no network and no server.

import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { createTestAuth, oauthError, type TestAuth } from "oidc-client-wasm/testing";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import Callback from "../src/app/callback/page";
import Home from "../src/app/page";
import Guarded from "../src/app/protected/layout";
import Protected from "../src/app/protected/page";
import { Providers } from "../src/app/providers";

/** What `src/app/providers.tsx` imports. Each test has an auth of its own. */
const given = vi.hoisted(() => ({ auth: undefined as unknown, router: { replace: vi.fn() } }));
vi.mock("../src/auth", () => ({
  get auth() {
    return given.auth;
  },
}));
vi.mock("next/navigation", () => ({ useRouter: () => given.router }));

afterEach(cleanup);

const pages: Record<string, ReactNode> = { "/": <Home />, "/callback": <Callback />, "/protected": <Guarded><Protected /></Guarded> };

/** Opens a page in the layout of the app. */
function open(path: keyof typeof pages, auth: TestAuth) {
  given.auth = auth;
  given.router.replace.mockClear();
  history.replaceState(null, "", path);
  render(<Providers>{pages[path]}</Providers>);
}

const button = (name: string) => screen.getByRole("button", { name });

test("a signed-in person is greeted by name", () => {
  open("/", createTestAuth({ demo: { claims: { name: "Alice" } } }));
  screen.getByText("Alice");
  button("Sign out");
});

test("a person signs in from the button, and the login comes back to the page", () => {
  const auth = createTestAuth({ demo: null });
  open("/", auth);
  fireEvent.click(button("Sign in"));
  expect(auth.called("authorizeRedirect")).toEqual([[{ appState: { returnTo: "/" } }]]);
  screen.getByText("One moment …");
  act(() => auth.signIn({ name: "Alice" }));
  screen.getByText("Alice");
});

test("a login that is refused is told, and the person may try again", async () => {
  const auth = createTestAuth({ demo: null });
  open("/", auth);
  fireEvent.click(button("Sign in"));
  const error = oauthError("authorization_refused");
  await act(async () => auth.fail(error));
  screen.getByText(error.message);
  button("Sign in");
});

test("the guard leads a stranger to the login, and shows the page after it", () => {
  const auth = createTestAuth({ demo: null });
  open("/protected", auth);
  expect(auth.called("authorizeRedirect")).toEqual([[{ appState: { returnTo: "/protected" } }]]);
  screen.getByText("One moment …");
  expect(screen.queryByText("Protected")).toBe(null);
  act(() => auth.signIn({ name: "Alice" }));
  screen.getByText("Protected");
  screen.getByText("Alice");
});

test("the guard begins no login for a person whose session has ended", () => {
  const auth = createTestAuth({ demo: {} });
  open("/protected", auth);
  screen.getByText("Protected");
  act(() => auth.signOut({ reason: "other-tab" }));
  expect(screen.queryByText("Protected")).toBe(null);
  button("Sign in");
  expect(auth.called("authorizeRedirect")).toEqual([]);
});

test("a sign-out shows nothing of the person while the page leaves", () => {
  const auth = createTestAuth({ demo: { claims: { name: "Alice" } } });
  open("/protected", auth);
  fireEvent.click(button("Sign out"));
  expect(auth.called("logoutRedirect")).toEqual([[]]);
  screen.getByText("One moment …");
  expect(screen.queryByText("Alice")).toBe(null);
});

test("the API is called with the access token of the person", async () => {
  const asked: Request[] = [];
  const fetch = (request: Request) => {
    asked.push(request);
    return Response.json([{ id: 1 }]);
  };
  open("/protected", createTestAuth({ demo: { apiBaseUrl: "https://api.example/" } }, { fetch }));
  fireEvent.click(button("Call the API"));
  await screen.findByText('[{"id":1}]');
  expect(asked.map(({ url, headers }) => [url, headers.get("Authorization")])).toEqual([["https://api.example/orders", "Bearer fake-access-token-1-of-demo"]]);
});

test("after a login the router goes back to where it began", async () => {
  const auth = createTestAuth({ demo: null }, { loading: true });
  open("/callback", auth);
  screen.getByText("One moment …");
  await act(async () => auth.load({ kind: "login", appState: { returnTo: "/protected" } }));
  expect(given.router.replace).toHaveBeenCalledWith("/protected");
});
