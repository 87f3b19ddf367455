// A small API beside the provider, for the first call of an app: `/api/orders` of the person, and `/api/echo`, which tells what arrived.

import { bearerOf, json, unauthorized } from "./answers.js";
import { holderOf } from "./tokens.js";

const ORDERS = new Map(Object.entries({
  alice: [
    { id: "PC-20419", item: "Ceramic teapot, 0.8 l", status: "Out for delivery", daysAgo: 2, total: 48.5 },
    { id: "PC-20377", item: "Linen tablecloth, sage", status: "Delivered", daysAgo: 11, total: 64 },
  ],
  bob: [{ id: "PC-20433", item: "Oak cutting board", status: "Packed", daysAgo: 1, total: 41 }],
}));

const ordersOf = (sub) => (ORDERS.get(sub) ?? []).map(({ daysAgo, ...order }) => ({
  ...order, date: new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10),
}));

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

export const API = new Map(Object.entries({
  "/api/orders": { methods: ["GET", "HEAD"], answer: ({ holder }) => ({ sub: holder.sub, name: holder.name, orders: ordersOf(holder.sub) }) },
  "/api/echo": {
    methods: METHODS,
    // Never the token.
    answer: async ({ holder, request, url }) => ({
      sub: holder.sub,
      method: request.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      contentType: request.headers.get("content-type"),
      body: (await request.text()).slice(0, 64 * 1024),
    }),
  },
}));

export async function apiEndpoint(core, request, url, endpoint) {
  const accessToken = bearerOf(request);
  const holder = accessToken && holderOf(core, accessToken);
  if (!holder) return unauthorized(accessToken);
  return json(await endpoint.answer({ holder, request, url }));
}
