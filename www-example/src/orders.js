// The second view: asks the demo's API for the orders when it is shown, and is the place to come back to after signing in.

import { isOAuthError } from 'oidc-client-wasm';
import { fill, h, whileBusy } from './dom.js';
import { showError } from './messages.js';

const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

const signInFirst = ({ signIn }) => [
  h('h1', { tabindex: '-1' }, 'Orders'),
  h('section', { class: 'card empty' },
    h('h2', {}, 'Sign in to see your orders'),
    h('p', {}, 'After the sign-in you come back to this page. The application keeps the address in ', h('code', {}, 'appState'), ', which stays in this tab and is never sent to the provider.'),
    h('p', { class: 'actions' }, h('button', { class: 'button primary', type: 'button', onclick: () => signIn() }, 'Sign in and come back'))),
];

const table = ({ name, orders }) => h('table', { class: 'orders' },
  h('caption', {}, `${orders.length} orders of ${name}`),
  h('thead', {}, h('tr', {}, ['Order', 'Item', 'Date', 'Status', 'Total'].map((title) => h('th', { scope: 'col' }, title)))),
  h('tbody', {}, orders.map((order) => h('tr', {},
    h('th', { scope: 'row', 'data-label': 'Order' }, order.id),
    h('td', { 'data-label': 'Item' }, order.item),
    h('td', { 'data-label': 'Date' }, day.format(new Date(order.date))),
    h('td', { 'data-label': 'Status' }, h('span', { class: 'status', 'data-done': order.status === 'Delivered' }, order.status)),
    h('td', { 'data-label': 'Total', class: 'number' }, money.format(order.total))))));

const failure = (title, text, ...actions) => h('div', { class: 'api-failure' },
  h('h2', {}, title), h('p', {}, text), actions.length > 0 && h('p', { class: 'actions' }, actions));

const runOut = (signIn) => failure('Your access has run out', 'The API does not accept the access token any more. Sign in again for a new access token; the provider usually asks nothing.',
  h('button', { class: 'button primary', type: 'button', onclick: () => signIn() }, 'Sign in again'));

const shopAway = () => (navigator.onLine
  ? failure('The shop cannot be reached', 'Its API did not answer. Please try again in a moment.')
  : failure('You are offline', 'The shop’s API cannot be asked now. Please try again when you are back.'));

/** `signal` fires when the person leaves the view. An answer that arrives later is not shown. */
async function load(app, { result, exchange, signal }) {
  const { client, signIn } = app;
  const started = performance.now();
  const before = client.token.access_token;
  let response;
  delete exchange.dataset.ok;
  try {
    // The URL is relative to `apiBaseUrl`. The client adds the token for that origin only, and renews an expired token first.
    response = await client.get('orders', { signal });
  } catch (error) {
    if (signal.aborted || !client.isAuthenticated) return; // a refused refresh has ended the session, and session.js has said so
    exchange.textContent = 'no answer';
    const isApiAway = !isOAuthError(error) || (['network', 'timeout'].includes(error.code) && error.phase === 'request');
    if (['token_expired', 'missing_token'].includes(error.code)) fill(result, runOut(signIn));
    else if (isApiAway) fill(result, shopAway());
    else showError(error, { retry: () => load(app, { result, exchange, signal }) });
    return;
  }
  if (signal.aborted || !client.isAuthenticated) return; // as above
  const renewed = client.token.access_token === before ? '' : ', with a new token';
  exchange.textContent = `${response.status} ${response.ok ? 'OK' : 'refused'}${renewed} · ${Math.round(performance.now() - started)} ms`;
  exchange.dataset.ok = response.ok;
  if (response.status === 401) fill(result, runOut(signIn));
  else if (!response.ok) fill(result, failure('The shop has a problem', `It answered with status ${response.status}. Please try again in a moment.`));
  else fill(result, table(await response.json()));
}

export function ordersView(app) {
  let left;
  return {
    title: 'Orders',
    docs: ['api-calls', 'frameworks', 'refresh', 'errors'],
    code: ['src/orders.js', 'src/app.js', 'provider/api.js', 'provider/resource-server.js'],
    example: 'orders',
    render() {
      if (!app.client.isAuthenticated) return signInFirst(app);
      left = new AbortController();
      const { signal } = left;
      const result = h('div', { id: 'api-result', 'aria-live': 'polite' }, h('p', { class: 'hint' }, 'Asking the shop for your orders…'));
      const exchange = h('span', { id: 'api-status', class: 'exchange-status' });
      const again = h('button', { id: 'call-api', class: 'button', type: 'button' }, 'Load again');
      const ask = whileBusy(again, () => load(app, { result, exchange, signal }));
      again.addEventListener('click', ask);
      void ask();
      return [
        h('h1', { tabindex: '-1' }, 'Orders'),
        h('p', { class: 'lead' }, 'The API of a shop knows you by your access token alone.'),
        h('section', { class: 'card', 'aria-label': 'Your orders' },
          h('div', { class: 'exchange' },
            h('p', { class: 'request' }, h('code', {}, 'client.get("orders")'), h('code', {}, 'Authorization: Bearer ••••••••')),
            again,
            exchange),
          result),
      ];
    },
    leave: () => left?.abort(),
  };
}
