import { sveltekit } from "@sveltejs/kit/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [sveltekit()],
  // The plugin for Svelte does the same for every package of `dependencies` that needs Svelte. This one is not in package.json here, because its hash changes with
  // every build. Your app needs no such line.
  ssr: { noExternal: ["oidc-client-wasm"] },
});
