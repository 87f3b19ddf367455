// The provider's pages: plain HTML, one style sheet, no script. Everything that came from outside goes through `html`.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const style = readFileSync(new URL('provider.css', import.meta.url), 'utf8');
const styleHash = createHash('sha256').update(style).digest('base64');

// No form-action: browsers apply it to the redirect back to the application as well, whose origin is the client's business.
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'sha256-${styleHash}'`,
  'img-src data:',
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

class Markup {
  constructor(text) { this.text = text; }
}

export const raw = (text) => new Markup(text);

const escape = (value) => String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const render = (value) => {
  if (value === undefined || value === null || value === false) return '';
  if (Array.isArray(value)) return value.map(render).join('');
  return value instanceof Markup ? value.text : escape(value);
};

export function html(strings, ...values) {
  return raw(String.raw({ raw: strings }, ...values.map(render)));
}

const key = raw('<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><circle cx="8" cy="12" r="4.5"/><path d="M12.5 12H22m-3.5 0v4m-3-4v2.5"/></svg>');
export const tick = raw('<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.25" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m5 12.5 4.5 4.5L19 7.5"/></svg>');
const icon = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#0b8079" stroke-width="2.5" stroke-linecap="round"><circle cx="8" cy="12" r="5"/><path d="M13 12h9m-3.5 0v4"/></svg>')}`;

const demoId = { name: 'Demo ID', tag: 'Demo provider', mark: key, what: 'OpenID provider', code: 'provider/views.js' };

/** `appOrigin`: where the demo application is, which shows the documentation and the code of these pages. */
export const layout = (title, content, appOrigin, { name, tag, mark, what, code } = demoId) => html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title} · ${name}</title>
<link rel="icon" href="${icon}">
<style>${raw(style)}</style>
</head>
<body>
<main>
<p class="brand">${mark}<span>${name}</span><span class="tag">${tag}</span></p>
<div class="card">
${content}
</div>
</main>
<footer>
<p>This is the ${what} of the oidc-client-wasm demo. It runs on this computer only and forgets everything when it stops.</p>
<p><a href="${appOrigin}/read/www-example/README.md">About this demo</a> · <a href="${appOrigin}/read/www-example/${code}">The code of this page</a></p>
</footer>
</body>
</html>
`.text;

const nameOf = (client) => client?.clientName ?? client?.clientId ?? 'the application';

export const backTo = (appOrigin) => html`<p class="back"><a class="button secondary" href="${appOrigin}">Back to the application</a></p>`;

const initial = (user) => html`<span class="initial" aria-hidden="true">${user.claims.name[0]}</span>`;

export function loginPage({ appOrigin, action, client, params, users, login = '', failed = false }) {
  const silver = params.acr_values?.split(' ').includes('urn:demo:silver');
  return layout('Sign in', html`
<h1>Sign in</h1>
<p class="lead">to continue to <strong>${nameOf(client)}</strong>${silver && ', which asks for a stronger sign-in (silver)'}</p>
${failed && html`<p class="alert" id="login-error" role="alert">This email and password do not match. Please try again.</p>`}
<form method="post" action="${action}/login">
<label for="login">Email</label>
<input id="login" name="login" type="text" inputmode="email" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${login}"${failed && raw(' aria-invalid="true" aria-describedby="login-error"')}${!login && raw(' autofocus')}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${failed && raw(' aria-invalid="true" aria-describedby="login-error"')}${login && raw(' autofocus')}>
<button type="submit" id="sign-in" class="primary">Sign in</button>
</form>
<form method="post" action="${action}/deny" class="actions apart"><button type="submit" id="deny" class="secondary">Cancel</button></form>
<section class="people" aria-labelledby="people">
<h2 id="people">Demo accounts, one click each</h2>
${users.map((user) => html`<form method="post" action="${action}/login">
<input type="hidden" name="login" value="${user.email}"><input type="hidden" name="password" value="${user.password}">
<button type="submit" id="sign-in-as-${user.sub}" class="person">${initial(user)}<span><b>${user.claims.name}</b><small>${user.email} · password <code>${user.password}</code></small></span></button>
</form>`)}
</section>`, appOrigin);
}

const scopeTexts = {
  openid: ['Know who you are', 'A stable identifier of your account'],
  profile: ['See your profile', 'Your name, user name, language and time zone'],
  email: ['See your email address', 'And whether it has been verified'],
  offline_access: ['Stay signed in', 'Keep access while you are away'],
  'orders:read': ['See your orders', 'What you ordered and where it is'],
};

export function consentPage({ appOrigin, action, client, params, user }) {
  const scopes = (params.scope ?? '').split(' ').filter((scope) => scopeTexts[scope]);
  return layout('Allow access', html`
<h1>Allow ${nameOf(client)} to use your account?</h1>
<p class="lead">It asks for the following.</p>
${user && html`<p class="account">${initial(user)}<span><b>${user.claims.name}</b><small>${user.email}</small></span></p>`}
<ul class="scopes">
${scopes.map((scope) => html`<li>${tick}<span><b>${scopeTexts[scope][0]}</b><small>${scopeTexts[scope][1]}</small></span></li>`)}
</ul>
<div class="actions">
<form method="post" action="${action}/consent"><button type="submit" id="allow" class="primary" autofocus>Allow</button></form>
<form method="post" action="${action}/deny"><button type="submit" id="deny" class="secondary">Deny</button></form>
</div>`, appOrigin);
}

/** `form` is oidc-provider's own, with its anti-forgery field; the buttons belong to it by id. */
export function logoutPage({ appOrigin, form, client, user }) {
  return layout('Sign out', html`
<h1>Sign out of Demo ID?</h1>
<p class="lead">${client ? html`<strong>${nameOf(client)}</strong> asks to end your session` : 'You are about to end your session'}${user && html` as <strong>${user.claims.name}</strong>`}. You can also stay signed in at Demo ID.</p>
${raw(form)}
<div class="actions">
<button type="submit" form="op.logoutForm" id="logout-yes" name="logout" value="yes" class="primary" autofocus>Sign out</button>
<button type="submit" form="op.logoutForm" id="logout-no" class="secondary">Stay signed in</button>
</div>`, appOrigin);
}

export function signedOutPage({ appOrigin, client }) {
  return layout('Signed out', html`
<h1 id="signed-out">You are signed out</h1>
<p class="lead">Your session ${client && html`with <strong>${nameOf(client)}</strong> `}has ended. You can close this page.</p>
${backTo(appOrigin)}`, appOrigin);
}

export function errorPage(out, appOrigin) {
  return layout('Request refused', html`
<h1>This request cannot be answered</h1>
<p class="lead">The application sent you here with something that this provider does not accept. Please go back to the application and start again.</p>
<dl class="facts" id="provider-error">
<dt>Error</dt><dd><code id="provider-error-code">${out.error}</code></dd>
${out.error_description && html`<dt>Description</dt><dd>${out.error_description}</dd>`}
${out.scope && html`<dt>Scope</dt><dd><code>${out.scope}</code></dd>`}
</dl>
${backTo(appOrigin)}`, appOrigin);
}

export function homePage({ issuer, appOrigin, users }) {
  return layout('Demo ID', html`
<h1>Demo ID is running</h1>
<p class="lead">This is where the demo application sends you to sign in. There is nothing to do here by itself.</p>
<p><a class="button primary" href="${appOrigin}">Open the demo application</a></p>
<dl class="facts">
<dt>Issuer</dt><dd><code>${issuer}</code></dd>
${users.map((user) => html`<dt>Account</dt><dd>${user.email} · password <code>${user.password}</code></dd>`)}
</dl>`, appOrigin);
}

export function notFoundPage(appOrigin) {
  return layout('Page not found', html`
<h1>Page not found</h1>
<p class="lead">Demo ID has no page at this address.</p>
${backTo(appOrigin)}`, appOrigin);
}
