// The pages on which a person answers: who is there, whether the app may have what it asks for, and whether the session ends.

import { Refusal, cookieOf, formOf, redirect, single } from "./answers.js";
import { hintOf, readRequest, refusalUrl, respond } from "./authorization.js";
import { secret } from "./encoding.js";
import { html, page } from "./markup.js";
import { nameOf } from "./people.js";

/** Cookies do not know ports: each provider of a host has one of its own. */
const cookieName = ({ issuer }) => `oidc_dev_provider_${new URL(issuer).port || "default"}`;

/** The name of the browser, if its cookie may be one of this provider. */
function browserOf(core, request) {
  const cookie = cookieOf(request, cookieName(core));
  return cookie !== undefined && /^[\w-]{43}$/.test(cookie) ? cookie : undefined;
}

function cookieHeader(core, browser) {
  const isSecure = core.issuer.startsWith("https:");
  return { "set-cookie": `${cookieName(core)}=${browser}; Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}` };
}

const button = (id, label, { name, value, more } = {}) => html`<button type="submit" id="${id}"${name && html` name="${name}" value="${value}"`}>${label}${more && html`<small>${more}</small>`}</button>`;

function loginPage(core, id, request, headers) {
  // The person whom the app means comes first.
  const isMeant = ({ sub }) => sub === (request.wantedSub ?? request.loginHint);
  const people = [...core.users.filter(isMeant), ...core.users.filter((user) => !isMeant(user))];
  return page("Sign in", html`<h1>Who signs in?</h1>
<p>The app <strong id="client">${request.clientId}</strong> asks. Choose a person:</p>
<form method="post" action="${core.base}/login">
<input type="hidden" name="question" value="${id}">
${people.map((user) => button(`sign-in-as-${user.sub}`, nameOf(user), { name: "sub", value: user.sub, more: user.email ?? user.sub }))}
</form>
<form method="post" action="${core.base}/deny"><input type="hidden" name="question" value="${id}">${button("deny", "Cancel")}</form>`, { base: core.base, headers });
}

function consentPage(core, id, request, headers) {
  return page("Allow access", html`<h1>May the app have this?</h1>
<p>The app <strong id="client">${request.clientId}</strong> asks for:</p>
<ul>${request.scope.split(" ").map((scope) => html`<li><code>${scope}</code></li>`)}</ul>
<form method="post" action="${core.base}/consent"><input type="hidden" name="question" value="${id}">${button("allow", "Allow")}</form>
<form method="post" action="${core.base}/deny"><input type="hidden" name="question" value="${id}">${button("deny", "Deny")}</form>`, { base: core.base, headers });
}

export function errorPage(core, { error, message, status = 400 }) {
  return page("Refused", html`<h1>This request cannot be answered</h1>
<p id="provider-error"><code id="provider-error-code">${error}</code></p>
<p id="provider-error-text">${message}</p>`, { base: core.base, status });
}

export function homePage(core) {
  return page("Running", html`<h1>The provider is running</h1>
<p>Issuer: <code id="issuer">${core.issuer}</code></p>
<p>People: ${core.users.map(nameOf).join(", ")}</p>
<p>Configuration: <a href="${core.base}/.well-known/openid-configuration">openid-configuration</a></p>`, { base: core.base });
}

/** A form of another site would act for the person. Browsers say where a request comes from (Fetch Metadata). */
function checkSite(request) {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") throw new Refusal("invalid_request", "This form was sent by another site.", { status: 403 });
}

/** The response, or the page with the question that comes before it. */
function go(core, request, { browser, session, answered = [], headers = {} }) {
  const { url, question } = respond(core, request, session, answered);
  if (url !== undefined) return redirect(url, headers);
  const known = browser ?? secret();
  const id = core.store.ask({ kind: question, request, browser: known, answered });
  const more = browser === undefined ? cookieHeader(core, known) : headers;
  return question === "login" ? loginPage(core, id, request, more) : consentPage(core, id, request, more);
}

const paramsOf = (request, url) => (request.method === "POST" ? formOf(request) : url.searchParams);

export async function authorizationPage(core, request, url) {
  const browser = browserOf(core, request);
  const asked = await readRequest(core, await paramsOf(request, url));
  return go(core, asked, { browser, session: core.store.session(browser) });
}

/** The question that a form answers, and the browser that was asked. */
async function answered(core, request, kinds) {
  checkSite(request);
  const read = single(await formOf(request));
  const browser = browserOf(core, request);
  const question = browser === undefined ? undefined : core.store.question(read("question"), browser);
  if (!question || !kinds.includes(question.kind)) {
    throw new Refusal("invalid_request", "This page is too old, or the provider was started anew since. Go back to the app and sign in again.");
  }
  return { read, browser, question, id: read("question") };
}

export async function loginAnswer(core, request) {
  const { read, browser: before, question, id } = await answered(core, request, ["login"]);
  const sub = read("sub");
  if (!core.users.some((user) => user.sub === sub)) throw new Refusal("invalid_request", "There is no such person.");
  core.store.forgetQuestion(id);
  const { browser, session } = core.store.beginSession(before, sub);
  return go(core, question.request, { browser, session, answered: ["login"], headers: cookieHeader(core, browser) });
}

export async function consentAnswer(core, request) {
  const { browser, question, id } = await answered(core, request, ["consent"]);
  core.store.forgetQuestion(id);
  return go(core, question.request, { browser, session: core.store.session(browser), answered: [...question.answered, "consent"] });
}

export async function denyAnswer(core, request) {
  const { question, id } = await answered(core, request, ["login", "consent"]);
  core.store.forgetQuestion(id);
  return redirect(refusalUrl(core, question.request, "access_denied", "The person has refused."));
}

// ---- the end of a session (OpenID Connect RP-Initiated Logout 1.0)

/** What a logout asks for. `isSure`: the id_token is of the session, so that the person need not be asked. */
export async function readLogout(core, params, session) {
  const read = single(params);
  const hint = await hintOf(core, read);
  const clientId = read("client_id") ?? (typeof hint?.aud === "string" ? hint.aud : undefined);
  if (hint && clientId !== hint.aud) throw new Refusal("invalid_request", "client_id is not that of id_token_hint.");
  const uri = read("post_logout_redirect_uri");
  let end;
  if (uri !== undefined) {
    const client = core.clients.areAny ? core.clients.find("") : core.clients.find(clientId);
    if (!client?.mayEndAt(uri)) {
      const rule = core.clients.areAny ? "Use one on http://localhost, http://127.0.0.1 or http://[::1]." : "Send id_token_hint or client_id, and add the URI to the postLogoutRedirectUris of the client.";
      throw new Refusal("invalid_request", `The post-logout redirect URI ${uri} is not allowed here. ${rule}`);
    }
    const state = read("state");
    end = state === undefined ? uri : `${uri}${uri.includes("?") ? "&" : "?"}${new URLSearchParams({ state })}`;
  }
  return { end, isSure: !session || (hint !== undefined && hint.sub === session.sub && hint.sid === session.sid) };
}

function signedOut(core, end) {
  if (end !== undefined) return redirect(end);
  return page("Signed out", html`<h1 id="signed-out">Nobody is signed in here any more</h1>`, { base: core.base });
}

export async function logoutPage(core, request, url) {
  const browser = browserOf(core, request);
  const session = core.store.session(browser);
  const { end, isSure } = await readLogout(core, await paramsOf(request, url), session);
  if (isSure) {
    core.store.endSession(browser);
    return signedOut(core, end);
  }
  const id = core.store.ask({ kind: "logout", end, browser });
  const person = core.users.find(({ sub }) => sub === session.sub);
  return page("Sign out", html`<h1>Sign out here?</h1>
<p>You are ${person && nameOf(person)}.</p>
<form method="post" action="${core.base}/logout/answer"><input type="hidden" name="question" value="${id}">${button("logout-yes", "Sign out", { name: "logout", value: "yes" })}${button("logout-no", "Stay signed in", { name: "logout", value: "no" })}</form>`, { base: core.base });
}

export async function logoutAnswer(core, request) {
  const { read, browser, question, id } = await answered(core, request, ["logout"]);
  core.store.forgetQuestion(id);
  if (read("logout") !== "yes") return page("Signed in", html`<h1 id="signed-in">You stay signed in</h1>`, { base: core.base });
  core.store.endSession(browser);
  return signedOut(core, question.end);
}
