// What every resource server here does with a request: which pages may read the answer (CORS), and who asks (RFC 6750).

/** Opens the answer to the pages of `origins`, and answers a preflight: then true, and there is nothing left to do. */
export function crossOrigin(req, res, origins, methods) {
  const { origin } = req.headers;
  res.setHeader('vary', 'Origin');
  const allowed = origins.includes(origin);
  if (allowed) {
    res.setHeader('access-control-allow-origin', origin);
    res.setHeader('access-control-expose-headers', 'WWW-Authenticate');
  }
  if (req.method !== 'OPTIONS') return false;
  if (allowed) {
    res.setHeader('access-control-allow-methods', methods.join(', '));
    const asked = req.headers['access-control-request-headers'];
    if (asked) res.setHeader('access-control-allow-headers', asked);
    res.setHeader('access-control-max-age', '600');
  }
  res.writeHead(204).end();
  return true;
}

export function sendJson(res, status, body, headers = {}) {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers });
  res.end(JSON.stringify(body));
}

export const bearerToken = ({ headers }) => /^Bearer ([\w.~+/-]+=*)$/i.exec(headers.authorization ?? '')?.[1];

/** RFC 6750, 3.1: a request without credentials gets the challenge alone, without an error code. */
export function refuseToken(res, realm, description) {
  const details = description ? `, error="invalid_token", error_description="${description}"` : '';
  const body = description ? { error: 'invalid_token', error_description: description } : { error: 'missing_token' };
  sendJson(res, 401, body, { 'www-authenticate': `Bearer realm="${realm}"${details}` });
}

export async function readBody(req, limit = 1 << 20) {
  const chunks = [];
  let length = 0;
  for await (const chunk of req) {
    length += chunk.length;
    if (length > limit) throw Object.assign(new Error('body too large'), { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** An asynchronous handler as node:http wants it: what it throws becomes a status. */
export const handling = (name, handle) => (req, res) => {
  handle(req, res).catch((error) => {
    if (!error.status) console.error(`${name}:`, error);
    if (res.headersSent) res.destroy();
    else sendJson(res, error.status ?? 500, { error: error.status ? error.message : 'server_error' });
  });
};
