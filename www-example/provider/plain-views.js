// The pages of the plain OAuth 2.0 server: the same style sheet, another house.

import { backTo, contentSecurityPolicy, html, layout, raw, tick } from './views.js';

export { contentSecurityPolicy };

const mark = raw('<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m8.5 7-5 5 5 5m7-10 5 5-5 5M13.5 4.5l-3 15"/></svg>');
const codeHost = { name: 'Demo Code Host', tag: 'Plain OAuth 2.0', mark, what: 'plain OAuth 2.0 server', code: 'provider/plain-views.js' };

const person = (user) => html`<p class="account"><span class="initial" aria-hidden="true">${user.name[0]}</span><span><b>${user.name}</b><small>@${user.login}</small></span></p>`;

const scopeTexts = {
  'read:user': ['Read your profile', 'Your name, user name and what you say about yourself'],
  'user:email': ['Read your email address', 'The one you registered with'],
};

export const consentPage = ({ appOrigin, action, scope = '', user }) => layout('Authorize', html`
<h1>Authorize oidc-client-wasm demo?</h1>
<p class="lead">You are signed in at Demo Code Host. The application asks for the following.</p>
${person(user)}
<ul class="scopes">
${scope.split(' ').filter((name) => scopeTexts[name]).map((name) => html`<li>${tick}<span><b>${scopeTexts[name][0]}</b><small>${scopeTexts[name][1]}</small></span></li>`)}
</ul>
<form method="post" action="${action}" class="actions">
<button type="submit" id="approve" name="decision" value="approve" class="primary" autofocus>Authorize</button>
<button type="submit" id="deny" name="decision" value="deny" class="secondary">Cancel</button>
</form>`, appOrigin, codeHost);

export const errorPage = (out, appOrigin) => layout('Request refused', html`
<h1>This request cannot be answered</h1>
<p class="lead">The application sent you here with something that Demo Code Host does not accept. Please go back to the application and start again.</p>
<dl class="facts" id="provider-error">
<dt>Error</dt><dd><code id="provider-error-code">${out.error}</code></dd>
<dt>Description</dt><dd>${out.error_description}</dd>
</dl>
${backTo(appOrigin)}`, appOrigin, codeHost);

export const homePage = ({ appOrigin, user }) => layout('Running', html`
<h1>Demo Code Host is running</h1>
<p class="lead">An OAuth 2.0 server without OpenID Connect. Everyone who comes here is <strong>${user.name}</strong>.</p>
<p><a class="button primary" href="${appOrigin}">Open the demo application</a></p>`, appOrigin, codeHost);

export const notFoundPage = (appOrigin) => layout('Page not found', html`
<h1>Page not found</h1>
<p class="lead">Demo Code Host has no page at this address.</p>
${backTo(appOrigin)}`, appOrigin, codeHost);
