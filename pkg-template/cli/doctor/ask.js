// One request after the other to a provider that may be slow, broken or hostile: each has an end, a bound on its size, and follows nothing by itself.

import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { LIMITS } from "../../doctor/json.js";

/** The most requests of one run. */
const MOST = 18;
const DECODERS = { __proto__: null, gzip: gunzipSync, "x-gzip": gunzipSync, deflate: inflateSync, br: brotliDecompressSync };
const TLS = /^(CERT_|ERR_TLS_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|ERROR_IN_CERT|CRL_|INVALID_PURPOSE)/;

/** Why there is no answer, in the words of `Answer.failure`. */
function failureOf({ code = "", message = "" }) {
  if (code === "OVER") return { kind: "timeout" };
  if (/WRONG_VERSION_NUMBER|wrong version number|packet length too long|HTTP_REQUEST/i.test(code + message)) return { kind: "network", code: "EPROTO" };
  if (TLS.test(code)) return { kind: "tls", code };
  if (/^(ERR_SSL|EPROTO)/.test(code)) return { kind: "tls", code };
  if (/^HPE_|^ERR_HTTP|^Z_/.test(code)) return { kind: "network", code: "HTTP" };
  if (code === "ETIMEDOUT") return { kind: "timeout" };
  return { kind: "network", code };
}

/** Headers that came twice have both values, as `Headers.get` gives them to a browser. */
function headersOf(raw) {
  const headers = { __proto__: null };
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at].toLowerCase();
    headers[name] = name in headers ? `${headers[name]}, ${raw[at + 1]}` : raw[at + 1];
  }
  return headers;
}

function decoded(body, encoding, limit) {
  const decode = DECODERS[(encoding ?? "").trim().toLowerCase()];
  if (!decode || body.length === 0) return { body };
  try {
    return { body: decode(body, { maxOutputLength: limit }) };
  } catch (error) {
    if (error.code === "ERR_BUFFER_TOO_LARGE") return { body: Buffer.alloc(0), isCut: true };
    throw error;
  }
}

function exchange(url, { method, headers, form, limit, timeout }) {
  return new Promise((resolve, reject) => {
    const send = url.startsWith("https:") || url.startsWith("HTTPS:") ? overHttps : overHttp;
    const request = send(url, { method, rejectUnauthorized: true, headers: { ...headers, ...(form && { "content-type": "application/x-www-form-urlencoded", "content-length": Buffer.byteLength(form) }) } });
    const timer = setTimeout(() => request.destroy(Object.assign(new Error("over"), { code: "OVER" })), timeout);
    const fail = (error) => { clearTimeout(timer); reject(error); };
    request.on("error", fail);
    // A server may answer with another protocol, or with informational answers without end: the timer ends both.
    request.on("upgrade", (_, socket) => { socket.destroy(); fail(Object.assign(new Error("upgrade"), { code: "HPE_UPGRADE" })); });
    request.on("response", (response) => {
      const chunks = [];
      let length = 0;
      const end = (isCut) => {
        clearTimeout(timer);
        const whole = Buffer.concat(chunks);
        const answer = { status: response.statusCode, headers: headersOf(response.rawHeaders) };
        try {
          const encoding = answer.headers["content-encoding"];
          resolve({ ...answer, ...(isCut && encoding ? { body: Buffer.alloc(0) } : decoded(whole, encoding, limit)), ...(isCut && { isCut }) });
        } catch (error) {
          fail(error);
        }
      };
      response.on("error", fail);
      response.on("aborted", () => fail(Object.assign(new Error("aborted"), { code: "ECONNRESET" })));
      response.on("data", (chunk) => {
        length += chunk.length;
        if (length <= limit) return void chunks.push(chunk);
        chunks.push(chunk.subarray(0, chunk.length - (length - limit)));
        response.removeAllListeners("data").removeAllListeners("end").removeAllListeners("aborted");
        response.on("error", () => {});
        end(true);
        request.destroy();
      });
      response.on("end", () => end(false));
    });
    request.end(form);
  });
}

/** @param {{ timeout: number, agent: string }} options milliseconds for one request, and the name of this program */
export function createAsker({ timeout, agent }) {
  const seen = { samples: [], hosts: new Set(), requests: 0 };

  /** @returns {Promise<import("../../doctor/answers.js").Answer>} */
  async function ask(subject, url, { method = "GET", headers = {}, form, limit = LIMITS.bytes } = {}) {
    if (seen.requests >= MOST) return { url, failure: { kind: "network", code: "POLICY" } };
    seen.requests += 1;
    seen.hosts.add(new URL(url).host);
    const sent = Date.now();
    const begun = performance.now();
    try {
      const answer = await exchange(url, { method, headers: { accept: "application/json", "user-agent": agent, ...headers }, form, limit, timeout });
      const ms = performance.now() - begun;
      seen.samples.push({ subject, headers: answer.headers, sent, received: Date.now(), ms });
      return { url, ms, ...answer };
    } catch (error) {
      return { url, failure: failureOf(error) };
    }
  }

  return { ask, seen };
}
