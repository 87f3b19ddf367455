"use client";
import { RequireAuth } from "oidc-client-wasm/react";
import type { ReactNode } from "react";
import { SignedOut } from "../signed-out";

export default function Guarded({ children }: { children: ReactNode }) {
  return <RequireAuth fallback={SignedOut}>{children}</RequireAuth>;
}
