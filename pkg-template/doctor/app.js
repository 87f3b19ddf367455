// What can be said of the app before anything is asked: its origin, its redirect URIs, and the issuer as it is written.

import { ok, problem, quoted, warning } from "./finding.js";
import { issuerOfDocument, originOf, parse, parseIssuer, parseRedirectUri } from "./url.js";

const isLocal = (url) => !!parse(url).isLoopback;

/** @param {{ origin: string, issuer: string }} asked */
export function judgeOrigin({ origin, issuer }) {
  const findings = [];
  if (!origin.startsWith("https:") && !isLocal(origin)) {
    findings.push(warning(
      "origin-insecure",
      `${origin} is on plain http: browsers give such a page no WebCrypto, so the package loads its verifier in Rust, and tokenStorage "worker" does not start. Anybody on the network can change the page.`,
      "server",
      "Serve the app by https.",
    ));
  } else {
    findings.push(ok("origin", `${origin} is a secure context.`));
  }
  if (origin.startsWith("https:") && issuer.startsWith("http:")) {
    findings.push(warning(
      "origin-mixed",
      "The page is on https and the issuer on http: browsers block requests from one to the other as mixed content; only for loopback hosts some make an exception.",
      "provider",
      "Give the provider https, or develop the app on http://localhost.",
    ));
  }
  return findings;
}

/** @param {{ origin: string, redirectUri: string, postLogoutRedirectUri: string }} app */
export function judgeRedirectUris({ origin, redirectUri, postLogoutRedirectUri }) {
  const findings = [];
  const { fault } = parseRedirectUri(redirectUri);
  if (fault) {
    findings.push(problem(
      "redirect-uri-invalid",
      `The redirect URI ${quoted(redirectUri)} ${fault}.`,
      "app",
      "Give an absolute URL without a fragment. A router with # needs a redirect URI on a path.",
    ));
  } else if (originOf(redirectUri) !== origin) {
    findings.push(problem(
      "redirect-uri-other-origin",
      `The redirect URI ${quoted(redirectUri)} has another origin than the app, ${origin}: the login is remembered in the storage of ${origin}, so handleRedirect() gives null there. localhost and 127.0.0.1 are two origins.`,
      "app",
      `Use a redirect URI at ${origin}.`,
    ));
  } else {
    findings.push(ok("redirect-uri", `The redirect URI ${redirectUri} is at the origin of the app.`));
  }
  const after = parseRedirectUri(postLogoutRedirectUri);
  if (after.fault) findings.push(problem(
    "post-logout-uri-invalid",
    `The post-logout redirect URI ${quoted(postLogoutRedirectUri)} ${after.fault}.`,
    "app",
    "Give an absolute URL without a fragment.",
  ));
  return findings;
}

/** The issuer as the settings would have it. `undefined`: the package takes it. */
export function judgeIssuerSpelling(issuer) {
  const meant = issuerOfDocument(issuer);
  if (meant !== undefined) return problem(
    "issuer-is-document",
    `${quoted(issuer)} is the address of a metadata document and no issuer.`,
    "app",
    `Set issuer to ${quoted(meant)}, or set serverMetadataUrl to this address. The checks go on with ${quoted(meant)}.`,
  );
  const { fault } = parseIssuer(issuer);
  if (fault) return problem(
    "issuer-invalid",
    `The issuer ${quoted(issuer)} ${fault}, and the package refuses it with config_invalid.`,
    fault.includes("http") ? "provider" : "app",
    "An issuer is an https URL without query and fragment; http is for loopback hosts only.",
  );
  return undefined;
}
