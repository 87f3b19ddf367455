// startPlainProvider(): an authorization server of plain OAuth 2.0 with an API of its own, as a code host would have it. No
// OpenID Connect, no discovery, no id_token; who signed in is what its `/user` says. Small and strict: exact redirect
// addresses, PKCE with S256 always, codes for one use within a minute.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { listen } from './listen.js';
import { bearerToken, crossOrigin, handling, readBody, refuseToken, sendJson } from './resource-server.js';
import * as views from './plain-views.js';
import { createWire } from './wire.js';

export const plainUser = {
  id: 7_310_442,
  login: 'robin',
  name: 'Robin Okafor',
  email: 'robin@codehost.example',
  bio: 'Builds small tools and writes down why.',
  location: 'Lagos',
  public_repos: 23,
  created_at: '2017-04-02T09:30:00Z',
};

export const plainScopes = ['read:user', 'user:email'];

const paths = { authorization: '/authorize', token: '/token', user: '/user' };
const codeLife = 60;

const secret = () => randomBytes(32).toString('base64url');
const now = () => Date.now() / 1000;
const digest = (text) => createHash('sha256').update(String(text ?? '')).digest();
/** Of the same length always, so the time it takes says nothing about where they differ. */
const same = (one, other) => timingSafeEqual(digest(one), digest(other));

const fail = (error, description, status = 400) => Object.assign(new Error(description), { oauth: { error, error_description: description }, status });

/** RFC 6749, 3.1 and 3.2: no parameter twice; one without a value counts as not sent. */
function parametersOf(text) {
  const parameters = {};
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in parameters) throw fail('invalid_request', `${name} is there twice`);
    Object.defineProperty(parameters, name, { value, enumerable: value !== '' });
  }
  return { ...parameters };
}

/**
 * @param {object} [options]
 * @param {number} [options.port] 0 (default): any free one
 * @param {string} [options.host] default `localhost`
 * @param {string | string[]} [options.appOrigin] origin(s) of the application; default `http://localhost:5173`
 * @param {string[]} [options.redirectPaths] paths of the application that may receive answers; default `/` and `/callback`
 * @param {string} [options.clientId] default `demo-plain`
 * @param {string} [options.clientSecret] the token endpoint then demands it, in the form or as HTTP Basic
 * @param {boolean | 'unless-json'} [options.formEncoded] token answers are form-encoded; `unless-json`: but for those who ask
 *   for JSON in `Accept`. Default false: JSON
 * @param {boolean} [options.omitTokenType] token answers lack `token_type`
 * @param {boolean} [options.errorsAsOk] errors of the token endpoint come with status 200
 * @param {boolean} [options.autoApprove] nobody is asked, the answer comes at once
 * @param {boolean} [options.refreshTokens] with a refresh token that is for one use. Default false
 * @param {number | null} [options.expiresIn] life of access tokens in seconds; null (default): for ever, and `expires_in` is not said
 */
export async function startPlainProvider({
  port = 0,
  host = 'localhost',
  appOrigin = 'http://localhost:5173',
  redirectPaths = ['/', '/callback'],
  clientId = 'demo-plain',
  clientSecret,
  ...behaviour
} = {}) {
  const initial = { formEncoded: false, omitTokenType: false, errorsAsOk: false, autoApprove: false, refreshTokens: false, expiresIn: null, ...behaviour };
  let set = { ...initial };
  const appOrigins = [appOrigin].flat().map((value) => new URL(value).origin);
  const redirectUris = appOrigins.flatMap((one) => redirectPaths.map((path) => new URL(path, one).href));
  // What was given out and is still good, by its value.
  const [pending, codes, accessTokens, refreshTokens] = [new Map(), new Map(), new Map(), new Map()];
  const take = (map, key) => {
    const value = map.get(key);
    map.delete(key);
    return value;
  };

  const sendPage = (res, status, html) => {
    res.writeHead(status, {
      'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer',
      'content-security-policy': views.contentSecurityPolicy,
    });
    res.end(html);
  };

  // ---- the authorization endpoint (RFC 6749, 4.1.1; RFC 7636, 4.3)

  function answerApplication(res, { redirect_uri: uri, state }, members) {
    const url = new URL(uri);
    for (const [name, value] of Object.entries({ ...members, state })) if (value !== undefined) url.searchParams.set(name, value);
    res.writeHead(303, { location: url.href, 'cache-control': 'no-store' }).end();
  }

  function giveCode(res, request) {
    const code = secret();
    codes.set(code, { request, expires: now() + codeLife });
    answerApplication(res, request, { code });
  }

  function authorize(res, url) {
    let request;
    try {
      request = parametersOf(url.search);
      if (request.client_id !== clientId) throw fail('invalid_request', 'no such client');
      if (!redirectUris.includes(request.redirect_uri)) throw fail('invalid_request', 'this redirect_uri is not registered');
    } catch (error) {
      // RFC 6749, 4.1.2.1: never sent on to an address that is not known to be the client's.
      sendPage(res, 400, views.errorPage(error.oauth, appOrigins[0]));
      return;
    }
    const refuse = (error, description) => answerApplication(res, request, { error, error_description: description });
    if (request.response_type !== 'code') return refuse('unsupported_response_type', 'only code');
    if (request.code_challenge_method !== 'S256' || !/^[\w-]{43}$/.test(request.code_challenge ?? '')) {
      return refuse('invalid_request', 'PKCE with S256 is required');
    }
    const unknown = (request.scope ?? '').split(' ').find((scope) => scope && !plainScopes.includes(scope));
    if (unknown !== undefined) return refuse('invalid_scope', 'there is no such scope');
    if (set.autoApprove) return giveCode(res, request);
    const id = secret();
    pending.set(id, { request, expires: now() + 600 });
    return sendPage(res, 200, views.consentPage({ appOrigin: appOrigins[0], action: `${paths.authorization}/${id}`, scope: request.scope, user: plainUser }));
  }

  async function decide(req, res, id) {
    const { request, expires } = take(pending, id) ?? {};
    if (!request || expires < now()) {
      sendPage(res, 400, views.errorPage({ error: 'invalid_request', error_description: 'This question has been answered, or is too old.' }, appOrigins[0]));
      return;
    }
    const { decision } = parametersOf((await readBody(req)).toString());
    if (decision === 'approve') giveCode(res, request);
    else answerApplication(res, request, { error: 'access_denied', error_description: 'The user has denied your application access.' });
  }

  // ---- the token endpoint (RFC 6749, 4.1.3 and 6; RFC 7636, 4.6)

  function checkClient(req, form) {
    const [, basic] = /^Basic ([\w+/]+=*)$/i.exec(req.headers.authorization ?? '') ?? [];
    const [id, password] = basic
      ? Buffer.from(basic, 'base64').toString().split(/:(.*)/s, 2).map(decodeURIComponent)
      : [form.client_id, form.client_secret];
    if (id !== clientId) throw fail('invalid_client', 'no such client', 401);
    if (clientSecret !== undefined && !same(password, clientSecret)) throw fail('invalid_client', 'client_secret is missing or wrong', 401);
  }

  function issue({ scope = '', family = {} }) {
    const access = secret();
    family.tokens = [...(family.tokens ?? []), access];
    accessTokens.set(access, { scope, expires: set.expiresIn === null ? Infinity : now() + set.expiresIn });
    const answer = { access_token: access, token_type: 'bearer', scope };
    if (set.omitTokenType) delete answer.token_type;
    if (set.expiresIn !== null) answer.expires_in = set.expiresIn;
    if (set.refreshTokens) {
      answer.refresh_token = secret();
      refreshTokens.set(answer.refresh_token, { scope, family });
    }
    return answer;
  }

  const revokeFamily = (family) => {
    for (const token of family.tokens ?? []) accessTokens.delete(token);
    for (const [value, entry] of refreshTokens) if (entry.family === family) refreshTokens.delete(value);
  };

  const grants = {
    authorization_code({ code, redirect_uri: uri, code_verifier: verifier }) {
      const entry = codes.get(code);
      if (!entry || entry.expires < now()) throw fail('invalid_grant', 'the code is unknown or too old');
      // RFC 6749, 4.1.2: used twice, somebody has stolen it, and what it brought is no longer good.
      if (entry.family) {
        revokeFamily(entry.family);
        throw fail('invalid_grant', 'the code has been used');
      }
      entry.family = {};
      const { request } = entry;
      if (uri !== request.redirect_uri) throw fail('invalid_grant', 'redirect_uri is not the one of the authorization request');
      const challenge = /^[\w.~-]{43,128}$/.test(verifier ?? '') ? digest(verifier).toString('base64url') : '';
      if (!same(challenge, request.code_challenge)) throw fail('invalid_grant', 'code_verifier does not fit');
      return issue({ scope: request.scope, family: entry.family });
    },
    refresh_token({ refresh_token: value }) {
      const entry = take(refreshTokens, value);
      if (!entry) throw fail('invalid_grant', 'the refresh token is unknown or used');
      return issue(entry);
    },
  };

  async function token(req, res) {
    const send = (status, body) => {
      const form = set.formEncoded === 'unless-json' ? !/\bjson\b/.test(req.headers.accept ?? '') : set.formEncoded;
      if (!form) return sendJson(res, status, body);
      res.writeHead(status, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', 'cache-control': 'no-store' });
      return res.end(new URLSearchParams(body).toString());
    };
    try {
      if (!/^application\/x-www-form-urlencoded\b/.test(req.headers['content-type'] ?? '')) throw fail('invalid_request', 'a form is expected');
      const form = parametersOf((await readBody(req)).toString());
      checkClient(req, form);
      const grant = Object.hasOwn(grants, form.grant_type ?? '') && grants[form.grant_type];
      if (!grant) throw fail('unsupported_grant_type', 'no such grant_type');
      send(200, grant(form));
    } catch (error) {
      if (!error.oauth) throw error;
      send(set.errorsAsOk ? 200 : error.status, error.oauth);
    }
  }

  // ---- the API

  function user(req, res) {
    const value = bearerToken(req);
    const access = accessTokens.get(value);
    if (!access || access.expires < now()) return refuseToken(res, 'codehost', value && 'the access token is unknown, expired or revoked');
    const { email, ...open } = plainUser;
    return sendJson(res, 200, access.scope.split(' ').includes('user:email') ? { ...open, email } : open);
  }

  const wire = createWire(() => handling('code host', async (req, res) => {
    const url = new URL(req.url, 'http://localhost');
    const [, id] = /^\/authorize\/([\w-]{43})$/.exec(url.pathname) ?? [];
    const call = `${req.method} ${url.pathname}`;
    if (call === 'GET /') sendPage(res, 200, views.homePage({ appOrigin: appOrigins[0], user: plainUser }));
    else if (call === `GET ${paths.authorization}`) authorize(res, url);
    else if (id && req.method === 'POST') await decide(req, res, id);
    else if (url.pathname === paths.token || url.pathname === paths.user) {
      const [method, answer] = url.pathname === paths.token ? ['POST', token] : ['GET', user];
      if (crossOrigin(req, res, appOrigins, [method])) return;
      if (req.method === method) await answer(req, res);
      else sendJson(res, 405, { error: 'method_not_allowed' }, { allow: `${method}, OPTIONS` });
    } else if (req.method === 'GET' && req.headers.accept?.includes('text/html')) sendPage(res, 404, views.notFoundPage(appOrigins[0]));
    else sendJson(res, 404, { error: 'not_found' });
  }));
  const server = await listen((req, res) => void wire.listener(req, res), port, host);
  const origin = `http://${host}:${server.port}`;
  const controls = wire.controls(server);

  return {
    origin,
    url: origin,
    port: server.port,
    clientId,
    user: plainUser,
    paths,
    /** Settings of a client for this server, without `redirectUri`. */
    settings: {
      clientId,
      authorizeUrl: origin + paths.authorization,
      accessTokenUrl: origin + paths.token,
      apiBaseUrl: `${origin}/`,
      scope: plainScopes.join(' '),
    },

    ...controls,
    /** Ends setDown, setDelay, tamper and setBehaviour. */
    reset() {
      controls.reset();
      set = { ...initial };
    },
    /** Token requests, optionally of one grant_type; their `body` is the form. */
    tokenRequests: (grantType) => controls.requestsTo(paths.token, 'POST')
      .filter(({ body }) => grantType === undefined || body.grant_type === grantType),
    /** The options from `formEncoded` on, from now on. */
    setBehaviour(values) { Object.assign(set, values); },
    /** The next API call is 401, and with `{ refresh: true }` the next refresh `invalid_grant`. */
    revokeTokens({ refresh = false } = {}) {
      accessTokens.clear();
      if (refresh) refreshTokens.clear();
    },
    close: () => server.close(),
  };
}
