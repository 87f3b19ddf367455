// The pages between «please sign in» and the answer to the application: signing in, and consent.

import { acrValues } from './configuration.js';
import { authenticate, users } from './users.js';
import * as views from './views.js';

const limit = 16 * 1024;

async function readForm(req) {
  let text = '';
  for await (const chunk of req) {
    text += chunk;
    if (text.length > limit) throw Object.assign(new Error('form too large'), { status: 413, expose: true });
  }
  return Object.fromEntries(new URLSearchParams(text));
}

/** The authentication context to claim: what was asked for if it exists here, else the lowest. */
function grantedAcr(params) {
  const claim = params.claims ? JSON.parse(params.claims).id_token?.acr : undefined;
  const wanted = [...(claim?.values ?? []), claim?.value, ...(params.acr_values?.split(' ') ?? [])];
  return wanted.find((acr) => acrValues.includes(acr)) ?? acrValues[0];
}

async function consentGrant(provider, { grantId, session, params, prompt: { details } }) {
  const grant = (grantId && await provider.Grant.find(grantId))
    || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  // With `prompt=consent` nothing need be missing, and still everything asked for is what was agreed to.
  const scope = details.missingOIDCScope?.join(' ') ?? params.scope;
  if (scope) grant.addOIDCScope(scope);
  if (details.missingOIDCClaims) grant.addOIDCClaims(details.missingOIDCClaims);
  for (const [indicator, scopes] of Object.entries(details.missingResourceScopes ?? {})) {
    grant.addResourceScope(indicator, scopes.join(' '));
  }
  return grant.save();
}

/** Koa middleware: GET shows the page that the interaction needs, POST answers it. */
export function interactions(provider, appOrigin) {
  const finish = (ctx, result, options) => {
    ctx.respond = false; // the provider answers on the bare response
    return provider.interactionFinished(ctx.req, ctx.res, result, options);
  };

  const show = async (ctx, interaction, extra = {}) => {
    const { uid, params, prompt, session } = interaction;
    const client = await provider.Client.find(params.client_id);
    const common = { appOrigin, action: `/interaction/${uid}`, client, params };
    ctx.type = 'html';
    ctx.body = prompt.name === 'login'
      ? views.loginPage({ ...common, users, login: params.login_hint, ...extra })
      : views.consentPage({ ...common, user: users.find(({ sub }) => sub === session?.accountId) });
  };

  const answers = {
    async login(ctx, interaction) {
      const form = await readForm(ctx.req);
      const user = authenticate(form.login, form.password);
      if (!user) {
        ctx.status = 422;
        await show(ctx, interaction, { login: form.login, failed: true });
        return;
      }
      await finish(ctx, {
        login: { accountId: user.sub, acr: grantedAcr(interaction.params), amr: ['pwd'] },
      }, { mergeWithLastSubmission: false });
    },
    async consent(ctx, interaction) {
      await finish(ctx, { consent: { grantId: await consentGrant(provider, interaction) } });
    },
    async deny(ctx) {
      await finish(ctx, {
        error: 'access_denied',
        error_description: 'the end-user denied the request',
      }, { mergeWithLastSubmission: false });
    },
  };

  return async (ctx, next) => {
    const [, answer] = /^\/interaction\/[\w-]+(?:\/(\w+))?$/.exec(ctx.path) ?? [undefined, undefined];
    if (!ctx.path.startsWith('/interaction/')) return next();
    ctx.set('cache-control', 'no-store');
    ctx.set('content-security-policy', views.contentSecurityPolicy);
    try {
      const interaction = await provider.interactionDetails(ctx.req, ctx.res);
      const fits = answer === 'deny' || answer === (interaction.prompt.name === 'login' ? 'login' : 'consent');
      if (ctx.method === 'GET' && answer === undefined) await show(ctx, interaction);
      else if (ctx.method === 'POST' && fits) await answers[answer](ctx, interaction);
      else ctx.throw(404, 'no such page');
    } catch (error) {
      if (!error.expose) throw error;
      ctx.status = error.status ?? 400;
      ctx.type = 'html';
      ctx.body = views.errorPage({ error: error.error ?? 'not_found', error_description: error.error_description ?? error.message }, appOrigin);
    }
    return undefined;
  };
}
