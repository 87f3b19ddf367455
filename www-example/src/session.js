// What happens to the session while the page is open, some of it without a click here: the registry says so by events.

import { nameOf, notify, providerNames } from './app.js';
import { fill, h } from './dom.js';
import { hideError } from './errors.js';

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const instant = (date) => h('time', { datetime: date.toISOString() }, time.format(date));
const goodUntil = ({ expires_at: expiresAt }) => expiresAt !== undefined && [', good until ', instant(new Date(expiresAt * 1000))];

const ended = {
  local: () => 'You are signed out. This page has forgotten you.',
  'other-tab': () => 'You signed out in another tab, so this one has forgotten you, too.',
  'refresh-rejected': (provider) => `You are signed out: ${provider} does not renew your access any more. Sign in again to go on.`,
};
const endedElsewhere = (provider) => `You are signed out: your session at ${provider} has ended.`;

// What the log says; never a token.
const sentences = {
  login: ({ token }) => ['Signed in', goodUntil(token)],
  tokenupdate: ({ token }) => ['New access token', goodUntil(token)],
  expiring: ({ expires_at: expiresAt }) => ['Runs out soon', goodUntil({ expires_at: expiresAt })],
  userchange: ({ sub }) => [`Another person: ${sub}`],
  logout: ({ reason }) => [`Signed out (${reason})`],
  error: ({ error }) => [`Trouble: ${error.code}`],
};

const shown = 6;
const entries = [];
const list = h('ol', { id: 'token-events', class: 'events', reversed: true });

function write(sentence) {
  entries.unshift(h('li', {}, instant(new Date()), h('span', {}, sentence)));
  entries.length = Math.min(entries.length, shown);
  fill(list, entries);
}

/** The one log element of the page, which lives on while views come and go. */
export const sessionLog = () => h('div', { class: 'log' },
  h('h3', { id: 'log-title' }, 'Since this page was loaded'),
  h('div', { role: 'log', 'aria-labelledby': 'log-title' }, list,
    h('p', { class: 'hint nothing' }, 'Nothing yet.')));

export function watchSession({ oauth, client, refreshPage }) {
  for (const [type, sentence] of Object.entries(sentences)) {
    oauth.addEventListener(type, ({ detail }) => {
      if (detail.name === client.name) write(sentence(detail));
    });
  }

  oauth.addEventListener('logout', ({ detail: { name, reason } }) => {
    const say = ended[reason] ?? endedElsewhere;
    if (reason !== 'local') {
      hideError(); // it spoke of a session that is over
      notify(say(providerNames[name]), { warn: true });
    }
    refreshPage();
  });
  oauth.addEventListener('userchange', () => {
    notify(`You are now signed in as ${nameOf(client)}.`, { warn: true });
    refreshPage();
  });
}
