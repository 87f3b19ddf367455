// The public surface is a promise made in advance (contract.d.ts). What is shipped may be a part of it, and must be that
// part: nothing beside it, nothing of another shape.

import type * as Contract from './contract.js';
import type * as Shipped from 'oidc-client-wasm';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Extends<A, B> = [A] extends [B] ? true : false;
type NoMoreKeys<A, B> = Equal<Exclude<keyof A, keyof B>, never>;
declare function holds<_Each extends true>(): void;

// Settings that were added to the promise. clientSecret is declared to be refused: `never` takes nothing.
type AddedSettings = 'popupRedirectUri' | 'silentRedirectUri' | 'clientSecret' | 'refreshTokenUrl' | 'refreshTokenParams';
type AddedOptions = 'fetchToken' | 'log' | 'verifierWasm' | 'workerUrl';
type AddedCodes = 'invalid_session' | 'page_leaving' | 'page_stayed' | 'worker_load_failed';

// What a caller writes: whatever the shipped type admits, the promised one admits too.
holds<Extends<Shipped.OAuthOptions, Contract.OAuthOptions>>();
holds<NoMoreKeys<Omit<Shipped.OAuthOptions, AddedOptions>, Contract.OAuthOptions>>();
holds<Extends<Shipped.ClientSettings, Contract.ClientSettings>>();
holds<NoMoreKeys<Omit<Shipped.ClientSettings, AddedSettings>, Contract.ClientSettings>>();
holds<Extends<Shipped.AuthorizeParams, Contract.AuthorizeParams>>();
holds<NoMoreKeys<Shipped.AuthorizeParams, Contract.AuthorizeParams>>();
holds<Extends<Shipped.LogoutParams, Contract.LogoutParams>>();
holds<NoMoreKeys<Shipped.LogoutParams, Contract.LogoutParams>>();

// What a caller reads: the same.
holds<Equal<Shipped.Token, Contract.Token>>();
holds<Equal<Shipped.IdTokenClaims, Contract.IdTokenClaims>>();
holds<Equal<Shipped.ServerMetadata, Contract.ServerMetadata>>();
holds<Extends<Exclude<Shipped.OAuthErrorCode, AddedCodes>, Contract.OAuthErrorCode>>();
holds<Extends<Shipped.OAuthError['phase'], Contract.OAuthError['phase']>>();
// The two lists above grow with what is built; the rest is settled.
type Facts<E> = Omit<E, 'code' | 'phase'>;
holds<Equal<Facts<Shipped.OAuthError>, Pick<Facts<Contract.OAuthError>, keyof Facts<Shipped.OAuthError>>>>();
holds<NoMoreKeys<Shipped.OAuthError, Contract.OAuthError>>();

// What a caller calls: whoever holds the promised object holds the shipped one.
holds<Extends<Contract.RedirectResult, Shipped.RedirectResult>>();
holds<Extends<Contract.OAuthClient, Shipped.OAuthClient>>();
holds<NoMoreKeys<Shipped.OAuthClient, Contract.OAuthClient>>();
holds<Extends<Contract.OAuth, Shipped.OAuth>>();
holds<NoMoreKeys<Shipped.OAuth, Contract.OAuth>>();
// The promise of createOAuth has a member more, for pages that do not await it.
type Calls<F> = F extends (...args: infer Given) => Promise<infer Registry> ? (...args: Given) => Promise<Registry> : never;
holds<Extends<Calls<typeof Contract.createOAuth>, Calls<typeof Shipped.createOAuth>>>();
holds<Extends<typeof Shipped.createOAuth, (settings?: string, options?: Shipped.OAuthOptions) => Promise<Shipped.OAuth>>>();
holds<Equal<Parameters<typeof Shipped.isOAuthError>, Parameters<typeof Contract.isOAuthError>>>();
