// The second view: calls the demo's API with the access token, and is the place to come back to after signing in.

import { fill, h, whileBusy } from './dom.js';

const url = __ORDERS_URL__; // by `define` in vite.config.js: the provider's port is not known before

const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

const signInFirst = ({ signIn }) => [
  h('h1', { tabindex: '-1' }, 'Orders'),
  h('section', { class: 'card empty' },
    h('h2', {}, 'Sign in to see your orders'),
    h('p', {}, 'You will come back to this page: where you were travels along as ', h('code', {}, 'appState'), ', kept in this tab and never sent to the provider.'),
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

async function load({ client, signIn }, result, exchange) {
  const started = performance.now();
  const { access_token, token_type } = client.token;
  let response;
  try {
    response = await fetch(url, { headers: { Authorization: `${token_type} ${access_token}` }, credentials: 'omit' });
  } catch {
    exchange.textContent = 'no answer';
    fill(result, failure('The shop cannot be reached', 'Its API did not answer. Please try again in a moment.'));
    return;
  }
  exchange.textContent = `${response.status} ${response.ok ? 'OK' : 'refused'} · ${Math.round(performance.now() - started)} ms`;
  exchange.dataset.ok = response.ok;
  if (response.status === 401) {
    fill(result, failure('Your access has run out', 'The API does not accept the access token any more. Signing in again brings a new one, usually without a question.',
      h('button', { class: 'button primary', type: 'button', onclick: () => signIn() }, 'Sign in again')));
    return;
  }
  if (!response.ok) {
    fill(result, failure('The shop has a problem', `It answered with status ${response.status}. Please try again in a moment.`));
    return;
  }
  fill(result, table(await response.json()));
}

export function ordersView(app) {
  return {
    title: 'Orders',
    render() {
      if (!app.client.isAuthenticated) return signInFirst(app);
      const result = h('div', { id: 'api-result', 'aria-live': 'polite' });
      const exchange = h('span', { id: 'api-status', class: 'exchange-status' });
      const call = h('button', { id: 'call-api', class: 'button primary', type: 'button' }, 'Load my orders');
      call.addEventListener('click', whileBusy(call, () => load(app, result, exchange)));
      return [
        h('h1', { tabindex: '-1' }, 'Orders'),
        h('p', { class: 'lead' }, 'A shop’s API that knows you by your access token alone.'),
        h('section', { class: 'card', 'aria-label': 'Your orders' },
          h('div', { class: 'exchange' },
            h('p', { class: 'request' }, h('code', {}, `GET ${url}`), h('code', {}, 'Authorization: Bearer ••••••••')),
            call,
            exchange),
          result),
      ];
    },
  };
}
