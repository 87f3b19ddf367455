/** The claims of a person, as an id_token and the userinfo response have them. */

/** The standard claims of OpenID Connect Core 1.0, section 5.1, with the types that it gives them. The provider decides which of them it sends, by the scopes and
 *  the person. The package checks none of them: show them, and decide nothing by them. */
export interface StandardClaims {
  /** The full name, for display. Scope `profile`, as the claims down to `updated_at`. */
  name?: string;
  given_name?: string;
  family_name?: string;
  middle_name?: string;
  nickname?: string;
  /** A short name, not unique. */
  preferred_username?: string;
  /** URL of the profile page. */
  profile?: string;
  /** URL of a picture. */
  picture?: string;
  /** URL of a page or blog. */
  website?: string;
  gender?: string;
  /** `YYYY-MM-DD`, or `YYYY`; the year `0000` is left out. */
  birthdate?: string;
  /** A time zone, as `Europe/Paris`. */
  zoneinfo?: string;
  /** A language tag, as `en-US`. */
  locale?: string;
  /** When this was last changed, in seconds since 1970. */
  updated_at?: number;
  /** Scope `email`. */
  email?: string;
  /** Scope `email`. */
  email_verified?: boolean;
  /** Scope `phone`, as `+1 (425) 555-1212`. */
  phone_number?: string;
  /** Scope `phone`. */
  phone_number_verified?: boolean;
  /** Scope `address`. */
  address?: StandardAddress;
}

/** OpenID Connect Core 1.0, section 5.1.1. */
export interface StandardAddress {
  formatted?: string;
  street_address?: string;
  locality?: string;
  region?: string;
  postal_code?: string;
  country?: string;
}

/** OpenID Connect Core 1.0, section 2, and the {@link StandardClaims}. Other claims are `unknown`. */
export interface IdTokenClaims extends StandardClaims {
  iss: string;
  sub: string;
  aud: string | string[];
  exp: number;
  iat: number;
  nonce?: string;
  auth_time?: number;
  acr?: string;
  /** As the provider wrote it: no check relies on it. */
  amr?: string[];
  azp?: string;
  sid?: string;
  [claim: string]: unknown;
}
