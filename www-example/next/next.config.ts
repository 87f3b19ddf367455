import type { NextConfig } from "next";

const config: NextConfig = {
  // The folder of the app, and not one above it that has a lock, too.
  turbopack: { root: import.meta.dirname },
};

export default config;
