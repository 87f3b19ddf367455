// Every finding by its id: the group in which a report shows it, and the section of the specification that it stands on. docs/doctor.md has a row for each id.

const rfc = (number, section, title = `RFC ${number}`) => ({ title, section, url: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}` });
const openid = (title, page) => (section, anchor) => ({ title, section, url: `https://openid.net/specs/${page}.html#${anchor}` });
const core = openid("OpenID Connect Core 1.0", "openid-connect-core-1_0");
const discovery = openid("OpenID Connect Discovery 1.0", "openid-connect-discovery-1_0");
const logout = openid("OpenID Connect RP-Initiated Logout 1.0", "openid-connect-rpinitiated-1_0");
const frontChannel = openid("OpenID Connect Front-Channel Logout 1.0", "openid-connect-frontchannel-1_0");
const session = openid("OpenID Connect Session Management 1.0", "openid-connect-session-1_0");
const corsCheck = { title: "Fetch Standard", section: "CORS check", url: "https://fetch.spec.whatwg.org/#concept-cors-check" };
const preflight = { title: "Fetch Standard", section: "CORS-preflight fetch", url: "https://fetch.spec.whatwg.org/#cors-preflight-fetch" };
const secureContexts = { title: "Secure Contexts", section: "3.1", url: "https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy" };
const mixedContent = { title: "Mixed Content", section: "Should fetching request be blocked as mixed content?", url: "https://www.w3.org/TR/mixed-content/#should-block-fetch" };

/** The groups in the order of a report. */
export const groups = { app: "Your app", discovery: "Discovery", metadata: "What the provider offers", keys: "Keys", cors: "Answers that a page may read (CORS)", login: "Login", tokens: "Tokens", logout: "Logout", time: "Clock and speed" };

export const catalogue = {
  __proto__: null,
  origin: { group: "app" },
  "origin-insecure": { group: "app", specification: secureContexts },
  "origin-mixed": { group: "app", specification: mixedContent },
  "redirect-uri": { group: "app", specification: rfc(6749, "3.1.2") },
  "redirect-uri-invalid": { group: "app", specification: rfc(6749, "3.1.2") },
  "redirect-uri-other-origin": { group: "app" },
  "post-logout-uri-invalid": { group: "app", specification: logout("2", "RPLogout") },

  issuer: { group: "discovery", specification: discovery("4.3", "ProviderConfigurationValidation") },
  "issuer-invalid": { group: "discovery", specification: rfc(8414, "2") },
  "issuer-is-document": { group: "discovery", specification: discovery("4.1", "ProviderConfigurationRequest") },
  "issuer-mismatch": { group: "discovery", specification: discovery("4.3", "ProviderConfigurationValidation") },
  "issuer-template": { group: "discovery", specification: discovery("4.3", "ProviderConfigurationValidation") },
  unreachable: { group: "discovery" },
  timeout: { group: "discovery" },
  tls: { group: "discovery", specification: rfc(8414, "6.1") },
  status: { group: "discovery", specification: discovery("4.2", "ProviderConfigurationResponse") },
  redirect: { group: "discovery", specification: discovery("4.2", "ProviderConfigurationResponse") },
  html: { group: "discovery", specification: discovery("4.2", "ProviderConfigurationResponse") },
  "not-json": { group: "discovery", specification: rfc(8259, "2") },
  "not-metadata": { group: "discovery", specification: discovery("4.2", "ProviderConfigurationResponse") },
  "too-large": { group: "discovery" },
  "content-type": { group: "discovery", specification: discovery("4.2", "ProviderConfigurationResponse") },

  endpoints: { group: "metadata", specification: discovery("3", "ProviderMetadata") },
  "endpoint-missing": { group: "metadata", specification: discovery("3", "ProviderMetadata") },
  "endpoint-invalid": { group: "metadata", specification: rfc(6749, "3.1") },
  "endpoint-local": { group: "metadata" },
  "member-type": { group: "metadata", specification: rfc(8414, "2") },
  pkce: { group: "metadata", specification: rfc(9700, "2.1.1") },
  "pkce-missing": { group: "metadata", specification: rfc(7636, "4.2") },
  "response-type": { group: "metadata", specification: discovery("3", "ProviderMetadata") },
  "response-mode": { group: "metadata", specification: discovery("3", "ProviderMetadata") },
  "client-authentication": { group: "metadata", specification: rfc(8414, "2") },
  "id-token-algorithms": { group: "metadata", specification: discovery("3", "ProviderMetadata") },
  "pushed-requests": { group: "metadata", specification: rfc(9126, "5") },
  "request-objects": { group: "metadata", specification: rfc(9101, "10.5") },
  scopes: { group: "metadata", specification: discovery("3", "ProviderMetadata") },
  refresh: { group: "metadata", specification: core("11", "OfflineAccess") },
  iss: { group: "metadata", specification: rfc(9207, "3") },
  "front-channel-logout": { group: "metadata", specification: frontChannel("3", "OPLogout") },
  "session-monitor": { group: "metadata", specification: session("3.3", "OPMetadata") },

  keys: { group: "keys", specification: rfc(7517, "5") },
  "keys-unusable": { group: "keys", specification: rfc(7517, "5") },
  "key-weak": { group: "keys", specification: rfc(7518, "3.3") },
  "key-off-curve": { group: "keys", specification: rfc(7518, "6.2.1") },
  "key-private": { group: "keys", specification: rfc(7517, "9.2") },
  "key-ids": { group: "keys", specification: rfc(7517, "4.5") },
  "keys-old": { group: "keys", specification: core("10.1.1", "RotateSigKeys") },

  "cors-metadata": { group: "cors", specification: corsCheck },
  "cors-keys": { group: "cors", specification: corsCheck },
  "cors-token": { group: "cors", specification: corsCheck },
  "cors-userinfo-preflight": { group: "cors", specification: preflight },
  "cors-userinfo": { group: "cors", specification: corsCheck },
  "cors-revocation": { group: "cors", specification: rfc(7009, "2.3") },

  "redirect-registered": { group: "login", specification: rfc(6749, "3.1.2.2") },
  "redirect-unregistered": { group: "login", specification: rfc(6749, "3.1.2.4") },
  "redirect-slash": { group: "login", specification: core("3.1.2.1", "AuthRequest") },
  "redirect-any": { group: "login", specification: rfc(9700, "2.1") },
  "client-unknown": { group: "login", specification: rfc(6749, "4.1.2.1") },
  "login-refused": { group: "login", specification: rfc(6749, "4.1.2.1") },
  "login-error": { group: "login", specification: core("3.1.2.6", "AuthError") },
  "login-unseen": { group: "login", specification: core("3.1.2.1", "AuthRequest") },
  "login-state": { group: "login", specification: rfc(6749, "4.1.2.1") },
  "login-iss": { group: "login", specification: rfc(9207, "2.4") },
  "silent-login": { group: "login", specification: core("3.1.2.1", "AuthRequest") },
  "sign-in": { group: "login", specification: core("3.1.3.7", "IDTokenValidation") },

  "client-public": { group: "tokens", specification: rfc(6749, "3.2.1") },
  "client-secret": { group: "tokens", specification: rfc(6749, "2.1") },
  "token-refused": { group: "tokens", specification: rfc(6749, "5.2") },
  "token-answer": { group: "tokens", specification: rfc(6749, "5.2") },
  "token-given": { group: "tokens", specification: rfc(6749, "4.1.3") },
  "refresh-grant": { group: "tokens", specification: rfc(6749, "6") },
  userinfo: { group: "tokens", specification: core("5.3.3", "UserInfoError") },
  revocation: { group: "tokens", specification: rfc(7009, "2.2") },

  logout: { group: "logout", specification: logout("2", "RPLogout") },
  "logout-missing": { group: "logout", specification: logout("2.1", "OPMetadata") },
  "logout-refused": { group: "logout", specification: logout("3", "RedirectionAfterLogout") },
  "logout-unseen": { group: "logout", specification: logout("2", "RPLogout") },

  clock: { group: "time", specification: core("3.1.3.7", "IDTokenValidation") },
  slow: { group: "time" },
};
