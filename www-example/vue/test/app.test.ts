// The app with clients whose state the test sets: no WebAssembly, no provider and no network.

import { enableAutoUnmount, flushPromises, mount } from "@vue/test-utils";
import { createTestAuth, oauthError, type TestAuth } from "oidc-client-wasm/testing";
import { authPlugin } from "oidc-client-wasm/vue";
import { afterEach, expect, test, vi } from "vitest";

enableAutoUnmount(afterEach);

/** Opens the app at an address, with this auth in place of that of `src/auth.ts`, which the guard of `src/router.ts` imports. */
async function open(path: string, auth: TestAuth) {
  vi.resetModules();
  vi.doMock("../src/auth", () => ({ auth }));
  history.replaceState(null, "", path);
  const { router } = await import("../src/router");
  const { default: App } = await import("../src/App.vue");
  const app = mount(App, { global: { plugins: [authPlugin(auth), router] } });
  await vi.dynamicImportSettled();
  await flushPromises();
  return app;
}

test("a signed-in person is greeted by name", async () => {
  const app = await open("/", createTestAuth({ demo: { claims: { name: "Alice" } } }));
  expect(app.get("#name").text()).toBe("Alice");
  expect(app.find("#sign-out").exists()).toBe(true);
});

test("a person signs in from the button, and the login comes back to the page", async () => {
  const auth = createTestAuth({ demo: null });
  const app = await open("/", auth);
  await app.get("#sign-in").trigger("click");
  expect(auth.called("authorizeRedirect")).toEqual([[{ appState: { returnTo: "/" } }]]);
  expect(app.find("#loading").exists()).toBe(true);
  auth.signIn({ name: "Alice" });
  await flushPromises();
  expect(app.get("#name").text()).toBe("Alice");
});

test("a login that was refused is told, and the person may try again", async () => {
  const error = oauthError("authorization_refused");
  const auth = createTestAuth({ demo: { error } });
  const app = await open("/protected", auth);
  expect(app.get("#error").text()).toBe(error.message);
  expect(auth.called("authorizeRedirect")).toEqual([]);
  await app.get("#sign-in").trigger("click");
  expect(auth.called("authorizeRedirect")).toEqual([[{ appState: { returnTo: "/protected" } }]]);
});

test("the guard leads a stranger to the login, and shows the page after it", async () => {
  const auth = createTestAuth({ demo: null });
  const app = await open("/protected?of=42", auth);
  expect(auth.called("authorizeRedirect")).toEqual([[{ appState: { returnTo: "/protected?of=42" } }]]);
  expect(app.find("#loading").exists()).toBe(true);
  expect(app.text()).not.toContain("Protected");
  auth.signIn({ name: "Alice" });
  await flushPromises();
  await vi.dynamicImportSettled();
  await flushPromises();
  expect(app.text()).toContain("Protected");
  expect(app.get("#name").text()).toBe("Alice");
});

test("the guard begins no login for a person whose session has ended", async () => {
  const auth = createTestAuth({ demo: {} });
  const app = await open("/protected", auth);
  expect(app.text()).toContain("Protected");
  auth.signOut({ reason: "other-tab" });
  await flushPromises();
  expect(app.text()).not.toContain("Protected");
  expect(app.find("#sign-in").exists()).toBe(true);
  expect(auth.called("authorizeRedirect")).toEqual([]);
});

test("a sign-out shows nothing of the person while the page leaves", async () => {
  const auth = createTestAuth({ demo: { claims: { name: "Alice" } } });
  const app = await open("/protected", auth);
  await app.get("#sign-out").trigger("click");
  expect(auth.called("logoutRedirect")).toEqual([[]]);
  expect(app.find("#loading").exists()).toBe(true);
  expect(app.text()).not.toContain("Alice");
});

test("a page that loads shows no button yet", async () => {
  const auth = createTestAuth({ demo: {} }, { loading: true });
  const app = await open("/protected", auth);
  expect([app.find("#loading").exists(), app.find("button").exists()]).toEqual([true, false]);
  auth.load();
  await flushPromises();
  expect(app.text()).toContain("Protected");
});

test("the API is called with the access token of the person", async () => {
  const asked: Request[] = [];
  const fetch = (request: Request) => {
    asked.push(request);
    return Response.json([{ id: 1 }]);
  };
  const app = await open("/protected", createTestAuth({ demo: { apiBaseUrl: "https://api.example/" } }, { fetch }));
  await app.get("#call-api").trigger("click");
  await vi.waitFor(() => expect(app.get("#api").text()).toBe('[{"id":1}]'));
  expect(asked.map(({ url, headers }) => [url, headers.get("Authorization")])).toEqual([["https://api.example/orders", "Bearer fake-access-token-1-of-demo"]]);
});

test("a failure of the API is told", async () => {
  const auth = createTestAuth({ demo: {} });
  auth.reply("get", () => Promise.reject(oauthError("timeout")));
  const app = await open("/protected", auth);
  await app.get("#call-api").trigger("click");
  await vi.waitFor(() => expect(app.get("#api").text()).toBe(oauthError("timeout").message));
});

test("after a login the person is back where it began", async () => {
  const auth = createTestAuth({ demo: null }, { loading: true });
  const app = await open("/callback?code=x&state=y", auth);
  auth.load({ kind: "login", claims: { name: "Alice" }, appState: { returnTo: "/protected" } });
  await vi.waitFor(() => expect(app.text()).toContain("Protected"));
  expect(location.pathname).toBe("/protected");
});
