// A deterministic OpenID provider. The provider signs every visitor in at once, answers after a latency that the bench sets, and records
// every request. It checks the code, the redirect URI and the PKCE verifier, and forges a login where the bench asks for a forgery.

import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { makeCertificate } from './certificate.js';
import { Signer, forgeResponse, lifetime, random } from './tokens.js';
import { now } from './time.js';

/** A host below the host of the applications. The two hosts are of one site, so the cookie of the provider reaches an iframe. */
const host = 'op.app.localhost';

const paths = {
  '/.well-known/openid-configuration': 'discovery', '/jwks': 'jwks', '/authorize': 'authorize', '/token': 'token',
  // auth0-spa-js does not fetch the metadata, and has this path in its code.
  '/oauth/token': 'token', '/logout': 'logout',
};

export class Provider {
  /** The milliseconds before each answer. */
  latency = 0;
  /** Whether the second use of a refresh token ends the session (RFC 9700 section 4.14.2). */
  strict = false;
  /** The seconds by which the clock of the provider is ahead. The bench sets the clocks of the pages to the same time. */
  ahead = 0;
  /** The number of groups in an id_token. */
  groups = 0;
  /** A name of `forgeries`, or undefined for honest logins. */
  forgery = undefined;
  /** The text of the last token response. */
  lastTokens = '';
  /** The requests: { name, arrived, answered, refused }, times in milliseconds of the epoch. */
  requests = [];

  #signer = new Signer();
  #codes = new Map();
  #refreshTokens = new Map();

  async start() {
    const certificate = makeCertificate(host);
    this.spkiHash = certificate.spkiHash;
    const answer = (request, response) => this.#answer(request, response);
    this.servers = [http.createServer(answer), https.createServer(certificate, answer)];
    for (const server of this.servers) {
      server.keepAliveTimeout = 120_000;
      await new Promise((resolve) => { server.listen(0, 'localhost', resolve); });
    }
    const [plain, secure] = this.servers.map((server) => server.address().port);
    this.plainIssuer = `http://${host}:${plain}`;
    this.secureIssuer = `https://${host}:${secure}`;
    return this;
  }

  close() {
    for (const server of this.servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  /** Sets everything but the sessions to the state before the first request. */
  reset() {
    Object.assign(this, { latency: 0, strict: false, ahead: 0, groups: 0, forgery: undefined, requests: [] });
  }

  async #answer(request, response) {
    const issuer = request.socket.encrypted ? this.secureIssuer : this.plainIssuer;
    const url = new URL(request.url, issuer);
    const preflight = request.method === 'OPTIONS' ? 'preflight ' : '';
    const seen = { name: `${preflight}${paths[url.pathname] ?? url.pathname}`, arrived: now() };
    if (url.searchParams.get('prompt') === 'none') seen.name += ' (iframe)';
    this.requests.push(seen);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const { status = 200, headers = {}, body = '' } = this.#route(request, url, form, issuer);
    if (this.latency) await new Promise((resolve) => { setTimeout(resolve, this.latency); });
    seen.answered = now();
    if (status >= 400) seen.refused = true;
    response.writeHead(status, {
      'content-type': 'application/json', 'cache-control': 'no-store', vary: 'origin',
      'access-control-allow-origin': request.headers.origin ?? '*', 'access-control-allow-credentials': 'true',
      'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
      ...headers,
    }).end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  #route(request, url, form, issuer) {
    if (request.method === 'OPTIONS') return { status: 204 };
    switch (paths[url.pathname]) {
      case 'discovery': return { body: this.#metadata(issuer) };
      case 'jwks': return { body: this.#signer.jwks() };
      case 'authorize': return this.#authorize(request, url.searchParams, issuer);
      case 'token': return this.#token(form, issuer);
      default: return { status: 404 };
    }
  }

  #metadata(issuer) {
    return {
      issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`,
      end_session_endpoint: `${issuer}/logout`, response_types_supported: ['code'], subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'], grant_types_supported: ['authorization_code', 'refresh_token'],
      response_modes_supported: ['query', 'fragment'], code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'], scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      authorization_response_iss_parameter_supported: true,
    };
  }

  #authorize(request, params, issuer) {
    const redirectUri = params.get('redirect_uri');
    const signedIn = /\bbench-op=1\b/.test(request.headers.cookie ?? '');
    let response = { state: params.get('state'), iss: issuer };
    if (params.get('prompt') === 'none' && !signedIn) {
      response.error = 'login_required';
    } else {
      response.code = random();
      this.#codes.set(response.code, {
        clientId: params.get('client_id'), redirectUri, nonce: params.get('nonce'), challenge: params.get('code_challenge'),
      });
    }
    response = forgeResponse(this.forgery, response);
    const separator = params.get('response_mode') === 'fragment' ? '#' : '?';
    const location = `${redirectUri}${separator}${new URLSearchParams(response)}`;
    return { status: 302, headers: { location, 'set-cookie': 'bench-op=1; Path=/; SameSite=Lax' } };
  }

  #token(form, issuer) {
    if (form.get('grant_type') === 'refresh_token') {
      const token = this.#refreshTokens.get(form.get('refresh_token'));
      if (token?.used && this.strict) token.family.ended = true;
      if (!token || token.family.ended) return { status: 400, body: { error: 'invalid_grant' } };
      token.used = true;
      return { body: this.#tokens({ ...token.grant, nonce: undefined }, token.family, issuer) };
    }
    const grant = this.#codes.get(form.get('code'));
    this.#codes.delete(form.get('code'));
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    const fits = grant && grant.clientId === form.get('client_id') && grant.redirectUri === form.get('redirect_uri') && grant.challenge === challenge;
    return fits ? { body: this.#tokens(grant, { began: this.#time() }, issuer) } : { status: 400, body: { error: 'invalid_grant' } };
  }

  #time() { return Math.floor(Date.now() / 1000) + this.ahead; }

  #tokens(grant, family, issuer) {
    const time = this.#time();
    const { clientId, nonce } = grant;
    const about = { iss: issuer, sub: '248289761001', iat: time, exp: time + lifetime };
    const accessToken = this.#signer.opaque({ ...about, aud: 'api', client_id: clientId, scope: 'openid profile email' });
    const refreshToken = clientId === 'keycloak-js' ? this.#signer.opaque({ ...about, exp: time + 24 * lifetime }) : random(32);
    this.#refreshTokens.set(refreshToken, { grant, family });
    // auth0-spa-js makes the issuer from its setting `domain`, with a slash at the end.
    const slash = clientId === 'auth0-spa-js' ? '/' : '';
    const tokens = {
      access_token: accessToken, token_type: 'Bearer', expires_in: lifetime, scope: 'openid profile email offline_access', refresh_token: refreshToken,
      id_token: this.#signer.idToken({
        issuer: `${issuer}${slash}`, clientId, nonce, accessToken, now: time, began: family.began, groups: this.groups, forgery: this.forgery,
      }),
    };
    this.lastTokens = JSON.stringify(tokens);
    return tokens;
  }
}
