import { sveltekit } from "@sveltejs/kit/vite";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // In a test, components are those of a browser, and each is taken away after its test.
  plugins: [sveltekit(), svelteTesting()],
  // The plugin for Svelte does the same for every package of `dependencies` that needs Svelte. This one is not in package.json here, because its hash changes with
  // every build. Your app needs no such line.
  ssr: { noExternal: ["oidc-client-wasm"] },
  test: { environment: "jsdom" },
});
