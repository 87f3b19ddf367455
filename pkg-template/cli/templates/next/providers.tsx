"use client";
import { useRouter } from "next/navigation";
import { AuthProvider } from "oidc-client-wasm/react";
import type { ReactNode } from "react";
import { auth } from "../auth";

export function Providers({ children }: { children: ReactNode }) {
  const router = useRouter();
  return (
    <AuthProvider auth={auth} navigate={(place) => router.replace(place)}>
      {children}
    </AuthProvider>
  );
}
