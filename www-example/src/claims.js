// The claims of the id_token as a table that a person can read.

import { h } from './dom.js';

const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const languages = new Intl.DisplayNames(undefined, { type: 'language' });

const instant = (seconds) => {
  const when = new Date(seconds * 1000);
  return h('time', { datetime: when.toISOString() }, date.format(when));
};

const yesOrNo = (value) => (value ? 'yes' : 'no');
const language = (tag) => `${languages.of(tag)} (${tag})`;

// Claim, what it means, how to write it.
const person = [
  ['name', 'Full name'],
  ['given_name', 'Given name'],
  ['family_name', 'Family name'],
  ['preferred_username', 'User name'],
  ['email', 'Email'],
  ['email_verified', 'Email verified', yesOrNo],
  ['locale', 'Language', language],
  ['zoneinfo', 'Time zone'],
  ['updated_at', 'Profile last changed', instant],
];

const signIn = [
  ['iss', 'Vouched for by'],
  ['sub', 'Identifier there'],
  ['aud', 'Meant for', (value) => [value].flat().join(', ')],
  ['azp', 'Issued to'],
  ['auth_time', 'Password entered', instant],
  ['acr', 'Strength of sign-in'],
  ['amr', 'Means of sign-in', (value) => value.join(', ')],
  ['iat', 'Issued', instant],
  ['nbf', 'Not before', instant],
  ['exp', 'Expires', instant],
];

// These claims protect the protocol. The package has checked them; the table does not show them.
const unshown = new Set(['nonce', 'at_hash', 'c_hash', 's_hash', 'sid', 'jti']);

const row = (name, label, value) => h('tr', {},
  h('th', { scope: 'row' }, label),
  h('td', { 'data-claim': name }, value),
  h('td', {}, h('code', {}, name)));

const group = (title, rows) => rows.length > 0 && h('tbody', {},
  h('tr', { class: 'group' }, h('th', { scope: 'rowgroup', colspan: '3' }, title)),
  rows);

export function claimsTable(claims, { id = 'claims', caption = 'Claims of the id_token' } = {}) {
  const known = (list) => list
    .filter(([name]) => claims[name] !== undefined)
    .map(([name, label, write = String]) => row(name, label, write(claims[name])));
  const named = new Set([...person, ...signIn].map(([name]) => name));
  const others = Object.entries(claims)
    .filter(([name]) => !named.has(name) && !unshown.has(name))
    .map(([name, value]) => row(name, name, typeof value === 'string' ? value : JSON.stringify(value)));

  return h('table', { id, class: 'claims' },
    h('caption', { class: 'visually-hidden' }, caption),
    h('thead', {}, h('tr', {}, ['Meaning', 'Value', 'Claim'].map((title) => h('th', { scope: 'col' }, title)))),
    group('About you', known(person)),
    group('About this sign-in', known(signIn)),
    group('More', others));
}
