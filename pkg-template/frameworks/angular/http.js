// The interceptor of `oidc-client-wasm/angular`, for the HttpClient of Angular.

import { HttpContextToken } from "@angular/common/http";
import { Observable } from "rxjs";
import { misuse } from "../adapter.js";
import { find, isPage, settingsOf } from "./auth.js";

export const WITHHOLD_TOKEN = /* @__PURE__ */ new HttpContextToken(() => false);

/** The base URLs of the API of a client, by its settings. */
function basesOf(client) {
  const { apiBaseUrl, api_base_url, apiOrigins, api_origins } = { __proto__: null, ...settingsOf.get(client) };
  return [apiBaseUrl ?? api_base_url ?? [], apiOrigins ?? api_origins ?? []].flat();
}

function parse(url) {
  try {
    return new URL(url, document.baseURI);
  } catch {
    return undefined;
  }
}

/** The origins to which a token may go: on plain http, a listener on the way could read it. */
const SECURE = /^https:|^http:\/\/(([\w-]+\.)*localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;

/** Whether a URL is below a base: of the same origin, and its path the base's, or one below that. */
function isBelow(url, base) {
  const api = parse(base);
  if (!SECURE.test(api?.origin)) throw misuse(`authInterceptor cannot add a token for ${base}.`, "Pass base URLs with https (http on loopback only), as https://api.example.com/ or /api/.");
  // A server may take an encoded slash for one, and the dots beside it lead up.
  const above = parse(url.origin + url.pathname.replace(/%2f|%5c/gi, "/"));
  const isUnder = ({ pathname }) => `${pathname}/`.startsWith(api.pathname.replace(/\/*$/, "/"));
  // The origin of a blob is that of its page.
  return url.protocol === api.protocol && url.origin === api.origin && !url.username && !url.password && [url, above].every(isUnder);
}

function intercept({ name, urls }, request, next) {
  const { client } = find(name, "authInterceptor");
  if (!isPage || request.context.get(WITHHOLD_TOKEN) || request.headers.has("Authorization")) return next(request);
  const bases = [urls ?? basesOf(client)].flat();
  if (bases.length === 0) {
    throw misuse(`authInterceptor does not know the API of the client "${client.name}".`, "Give apiBaseUrl to createAuth of oidc-client-wasm/angular, or urls: authInterceptor({ urls: [\"https://api.example.com/\"] }).");
  }
  const url = parse(request.urlWithParams);
  if (!url || !bases.some((base) => isBelow(url, base))) return next(request);
  return new Observable((subscriber) => {
    const unsubscribing = new AbortController();
    const send = (token) => subscriber.closed || next(request.clone({ setHeaders: { Authorization: `Bearer ${token}` } })).subscribe(subscriber);
    client.getAccessToken({ signal: unsubscribing.signal }).then(send).catch((error) => subscriber.error(error));
    return () => unsubscribing.abort();
  });
}

export function authInterceptor(first, second) {
  if (second !== undefined) return intercept({ __proto__: null }, first, second);
  const config = { __proto__: null, ...first };
  return (request, next) => intercept(config, request, next);
}
