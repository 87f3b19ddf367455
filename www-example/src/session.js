// What happens to the session while the page is open. The registry reports it by events, also when no click here was the cause.

import { nameOf, providerNames } from './app.js';
import { fill, h } from './dom.js';
import { notify } from './messages.js';

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const instant = (date) => h('time', { datetime: date.toISOString() }, time.format(date));
const goodUntil = ({ expires_at: expiresAt }) => expiresAt !== undefined && [', good until ', instant(new Date(expiresAt * 1000))];

const ended = {
  local: () => 'You are signed out.',
  'other-tab': () => 'You signed out in another tab, so you are signed out here, too.',
  'refresh-rejected': (provider) => `You are signed out: ${provider} does not renew your access any more. Sign in again to go on.`,
};
const endedElsewhere = (provider) => `You are signed out: your session at ${provider} has ended.`;

// The sentences of the log. They contain no token.
const sentences = {
  login: ({ token, reason }) => [reason === 'other-tab' ? 'Signed in in another tab' : 'Signed in', goodUntil(token)],
  tokenupdate: ({ token }) => ['New access token', goodUntil(token)],
  expiring: ({ expires_at: expiresAt }) => ['The access token expires soon', goodUntil({ expires_at: expiresAt })],
  userchange: ({ sub }) => [`Another person signed in: ${sub}`],
  logout: ({ reason }) => [`Signed out (${reason})`],
  error: ({ error }) => [`Error: ${error.code}`],
};

const shown = 6;
const entries = [];
const list = h('ol', { id: 'token-events', class: 'events', reversed: true });

function write(sentence) {
  entries.unshift(h('li', {}, instant(new Date()), h('span', {}, sentence)));
  entries.length = Math.min(entries.length, shown);
  fill(list, entries);
}

/** The log of the page. It keeps its entries when the view changes. */
export const sessionLog = () => h('div', { class: 'log' },
  h('h3', { id: 'log-title' }, 'Since this page was loaded'),
  h('div', { role: 'log', 'aria-labelledby': 'log-title' }, list,
    h('p', { class: 'hint nothing' }, 'No events yet.')));

export function watchSession({ oauth, client, refreshPage }) {
  for (const [type, sentence] of Object.entries(sentences)) {
    oauth.addEventListener(type, ({ detail }) => {
      if (detail.name === client.name) write(sentence(detail));
    });
  }

  oauth.addEventListener('logout', ({ detail: { name, reason } }) => {
    const say = ended[reason] ?? endedElsewhere;
    if (reason !== 'local') notify(say(providerNames[name]), { warn: true });
    refreshPage();
  });
  oauth.addEventListener('login', ({ detail: { name, reason } }) => {
    if (reason !== 'other-tab') return;
    if (name === client.name) notify(`You signed in in another tab, so you are signed in here, too, as ${nameOf(client)}.`);
    refreshPage();
  });
  oauth.addEventListener('userchange', () => {
    notify(`You are now signed in as ${nameOf(client)}.`, { warn: true });
    refreshPage();
  });
}
