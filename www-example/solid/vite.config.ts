import solid from "vite-plugin-solid";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [solid()],
  // The package is compiled with the app, so that both have one Solid, that of browsers.
  test: { environment: "jsdom", server: { deps: { inline: ["oidc-client-wasm"] } } },
});
