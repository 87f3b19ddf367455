import type { ReactNode } from "react";
import { Providers } from "./providers";

export const metadata = { title: "Next.js · oidc-client-wasm" };

/** Rendered on the server, as every component without "use client". */
export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
