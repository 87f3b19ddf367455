// The demo's API: a resource server (RFC 6750) beside the provider. It asks the provider's own store about the token.

// Dates are counted back from today, so the demo never looks abandoned.
const orders = {
  alice: [
    { id: 'PC-20419', item: 'Ceramic teapot, 0.8 l', status: 'Out for delivery', daysAgo: 2, total: 48.5 },
    { id: 'PC-20377', item: 'Linen tablecloth, sage', status: 'Delivered', daysAgo: 11, total: 64 },
    { id: 'PC-20258', item: 'Set of four espresso cups', status: 'Delivered', daysAgo: 25, total: 36.9 },
  ],
  bob: [
    { id: 'PC-20433', item: 'Oak cutting board', status: 'Packed', daysAgo: 1, total: 41 },
    { id: 'PC-20102', item: 'Cast-iron pan, 26 cm', status: 'Delivered', daysAgo: 51, total: 89.9 },
  ],
};

const ordersOf = (sub) => (orders[sub] ?? []).map(({ daysAgo, ...order }) => ({
  ...order,
  date: new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10),
}));

export const ordersPath = '/api/orders';

/** Koa middleware for `GET /api/orders`, open to the pages of `appOrigins`. */
export function api(provider, { issuer, appOrigins, users }) {
  const cors = (ctx) => {
    const origin = ctx.get('origin');
    ctx.vary('Origin');
    if (!appOrigins.includes(origin)) return;
    ctx.set('access-control-allow-origin', origin);
    ctx.set('access-control-expose-headers', 'WWW-Authenticate');
    if (ctx.method === 'OPTIONS') {
      ctx.set('access-control-allow-methods', 'GET');
      ctx.set('access-control-allow-headers', 'Authorization');
      ctx.set('access-control-max-age', '600');
    }
  };

  const refuse = (ctx, error, description) => {
    // RFC 6750, 3.1: a request without credentials gets the challenge alone, without an error code.
    const details = error ? `, error="${error}", error_description="${description}"` : '';
    ctx.status = 401;
    ctx.set('www-authenticate', `Bearer realm="orders"${details}`);
    ctx.body = error ? { error, error_description: description } : { error: 'missing_token' };
  };

  return async (ctx, next) => {
    if (ctx.path !== ordersPath) return next();
    cors(ctx);
    ctx.set('cache-control', 'no-store');
    if (ctx.method === 'OPTIONS') {
      ctx.status = 204;
      return undefined;
    }
    if (ctx.method !== 'GET') {
      ctx.set('allow', 'GET, OPTIONS');
      ctx.status = 405;
      return undefined;
    }

    const [, value] = /^Bearer ([\w.~+/-]+=*)$/i.exec(ctx.get('authorization')) ?? [];
    if (!value) return refuse(ctx);
    const token = await provider.AccessToken.find(value);
    const grant = token && await provider.Grant.find(token.grantId, { ignoreExpiration: true });
    if (!token?.isValid || !grant) return refuse(ctx, 'invalid_token', 'the access token is unknown, expired or revoked');
    if (token.isSenderConstrained()) return refuse(ctx, 'invalid_token', 'the access token is bound to a key and is no bearer token');
    if (token.aud !== undefined && token.aud !== `${issuer}/api`) return refuse(ctx, 'invalid_token', 'the access token is for another audience');

    const user = users.find(({ sub }) => sub === token.accountId);
    ctx.body = { sub: token.accountId, name: user?.claims.name, orders: ordersOf(token.accountId) };
    return undefined;
  };
}
