/** The type of a client's state, for the external store of a framework. */
import type { IdTokenClaims, OAuthClient, OAuthError } from "./index.js";

/** The state of a client at one moment. */
export interface Snapshot {
  /** `loading`: the client is not there yet (`oidc-client-wasm/store` alone). `signing-in`: a redirect or popup login, or its response, is under way.
   *  `signing-out`: a logout is leaving. A user who is signed in stays `signed-in` during another login. */
  readonly status: "loading" | "signed-out" | "signing-in" | "signed-in" | "signing-out";
  /** As {@link OAuthClient.claims}. */
  readonly claims: IdTokenClaims | null;
  /** The last failure of a login, a logout or a refresh of this client, until another login or logout begins, or a refresh succeeds. A call that its
   *  `signal` has ended is no failure. */
  readonly error: OAuthError | null;
  /** When the access token ends (Unix time in seconds); null where the provider does not say, and when signed out. */
  readonly expiresAt: number | null;
}
