// What a site without a bundler publishes: its own files, and those of the package as they are, for the import map of the page.

import { cpSync, rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
cpSync("src", "dist", { recursive: true });
cpSync("node_modules/oidc-client-wasm", "dist/oidc-client-wasm", { recursive: true });
