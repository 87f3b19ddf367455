// What the provider remembers while it runs: sessions of browsers, questions on their way, codes and tokens. The oldest are forgotten, so that
// nobody fills the memory.

import { now, secret } from "./encoding.js";

const MOST = 10_000;
/** Seconds in which a person has to answer a page. */
const PATIENCE = 3600;

function table(most = MOST) {
  const rows = new Map();
  return {
    get: (key) => rows.get(key),
    set(key, value) {
      rows.set(key, value);
      if (rows.size > most) rows.delete(rows.keys().next().value);
    },
    delete: (key) => rows.delete(key),
    values: () => rows.values(),
  };
}

export function createStore(lifetimes) {
  /** Sessions by the cookie of a browser. */
  const browsers = table();
  const questions = table(1000);
  const codes = table();
  /** What one login has given: its tokens end together. */
  const grants = table();
  const accessTokens = table();
  const refreshTokens = table();

  /** A grant that has been forgotten has ended. */
  const isAlive = ({ grant, expires }) => grants.get(grant)?.isEnded === false && expires > now();

  function newTokens(grant, { accessToken, scope, audience, hasRefreshToken, fullScope }) {
    const expires = now() + lifetimes.accessToken;
    accessTokens.set(accessToken, { grant, scope, audience, expires });
    if (!hasRefreshToken) return undefined;
    const refreshToken = secret();
    refreshTokens.set(refreshToken, { grant, scope: fullScope, isSpent: false, expires: now() + lifetimes.refreshToken });
    return refreshToken;
  }

  return {
    // ---- browsers

    session(browser) {
      const session = browsers.get(browser);
      return session && session.expires > now() ? session : undefined;
    },
    /** A session of a person, in a browser with a new name. Questions that were put to the browser before stay good. */
    beginSession(before, sub) {
      const browser = secret();
      const session = { sub, sid: secret(12), authTime: now(), expires: now() + lifetimes.session };
      browsers.delete(before);
      browsers.set(browser, session);
      for (const question of questions.values()) if (question.browser === before) question.browser = browser;
      return { browser, session };
    },
    endSession(browser) {
      const session = browsers.get(browser);
      browsers.delete(browser);
      if (session) for (const grant of grants.values()) if (grant.sid === session.sid) grant.isEnded = true;
    },
    /** Ends every session and every token of a user, or of all. */
    endAll(sub) {
      const isMeant = (row) => sub === undefined || row.sub === sub;
      for (const session of browsers.values()) if (isMeant(session)) session.expires = 0;
      for (const grant of grants.values()) if (isMeant(grant)) grant.isEnded = true;
      for (const code of codes.values()) if (isMeant(code)) code.expires = 0;
    },

    // ---- questions to a person

    ask(question) {
      const id = secret();
      questions.set(id, { ...question, expires: now() + PATIENCE });
      return id;
    },
    /** The question that this browser was asked. */
    question(id, browser) {
      const question = questions.get(id);
      return question && question.browser === browser && question.expires > now() ? question : undefined;
    },
    forgetQuestion: (id) => questions.delete(id),

    // ---- codes and tokens

    newCode(details) {
      const code = secret();
      codes.set(code, { ...details, isSpent: false, expires: now() + lifetimes.code });
      return code;
    },
    /** Takes a code: it is good once, and what it gave ends when it comes a second time (RFC 6749 section 4.1.2). */
    takeCode(text) {
      const code = codes.get(text);
      if (!code) return undefined;
      const wasSpent = code.isSpent;
      code.isSpent = true;
      const grant = grants.get(code.grant);
      if (wasSpent && grant) grant.isEnded = true;
      return wasSpent || code.expires <= now() ? undefined : code;
    },
    newGrant(code) {
      const id = secret(12);
      const { clientId, sub, sid, authTime, acr, scope, resource } = code;
      grants.set(id, { id, clientId, sub, sid, authTime, acr, scope, resource, isEnded: false });
      code.grant = id;
      return grants.get(id);
    },
    grant: (id) => grants.get(id),
    newTokens,
    /** Takes a refresh token, which is good once: when it comes a second time, somebody has stolen it, and its grant ends (RFC 9700 section 4.14.2). */
    takeRefreshToken(text, clientId) {
      const token = refreshTokens.get(text);
      const grant = token && grants.get(token.grant);
      if (!grant || grant.clientId !== clientId) return undefined;
      if (token.isSpent) grant.isEnded = true;
      if (!isAlive(token)) return undefined;
      return { scope: token.scope, grant, spend: () => { token.isSpent = true; } };
    },
    accessToken(text) {
      const token = accessTokens.get(text);
      return token && isAlive(token) ? { ...token, grant: grants.get(token.grant) } : undefined;
    },
    /** Ends a token: a refresh token with all that came of its login. Gives false for that of another client. */
    revoke(text, clientId) {
      const token = refreshTokens.get(text) ?? accessTokens.get(text);
      const grant = token && grants.get(token.grant);
      if (!grant) return true;
      if (grant.clientId !== clientId) return false;
      if (refreshTokens.get(text)) grant.isEnded = true;
      else accessTokens.delete(text);
      return true;
    },
  };
}
