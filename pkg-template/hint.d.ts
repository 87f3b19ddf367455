/**
 * `oidc-client-wasm/hint`: the person who was signed in, for the first paint. The entry is synchronous, needs no WebAssembly, makes no
 * request, and has less than 1 kB. `createOAuth` later gives the verified answer.
 */
import type { ClientSettings, IdTokenClaims, OAuthOptions } from "./index.js";

/** The content of a session record. THE HINT IS NOT VERIFIED: any script of the page's origin can write such a record. The hint is good for
 *  a greeting and for the choice between two first paints. Give or deny nothing by it. */
export interface Hint {
  /** The claims of the id_token. Null for a plain OAuth 2.0 provider. */
  unverifiedClaims: IdTokenClaims | null;
  /** When the access token ends. An instant in the past is no sign-out: the client refreshes the token. */
  expires_at?: number;
}

/** The settings by which the record of a client differs from the records of others: pass the settings that `createOAuth` gets. */
export type HintSettings = Partial<Pick<ClientSettings, "clientId" | "issuer" | "metadata" | "expectedIssuer">>;

/**
 * Reads the person who was signed in from the stored session record. If the client wrote the record for these settings,
 * `claims` of the client say the same.
 *
 * Null if no person was signed in, if the person has signed out in another tab, if the session is over by itself, if the record is damaged or of another version of this
 * package, if two records fit, if the browser blocks storage, and on a server. The function never throws.
 *
 * @param name the name of the client.
 * @param settings the settings of the client. Without them, any record under the name counts, also one of an earlier client id.
 * @param options `storagePrefix`, `tokenStorage` and `sessionLifetime` as `createOAuth` gets them.
 */
export function readHint(name: string, settings?: HintSettings, options?: Pick<OAuthOptions, "storagePrefix" | "tokenStorage" | "sessionLifetime">): Hint | null;
