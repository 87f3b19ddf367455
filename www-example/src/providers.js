// The third view: the same package at providers of other kinds. Each has a session of its own.

import { codeHostCard } from './code-host.js';
import { googleCard } from './google.js';
import { h } from './dom.js';

export function providersView(app) {
  let leave = [];
  return {
    title: 'Providers',
    render() {
      const cards = [codeHostCard(app), googleCard(app)];
      leave = cards.map(({ stop }) => stop);
      return [
        h('h1', { tabindex: '-1' }, 'Other providers'),
        h('p', { class: 'lead' }, 'One registry, several clients: each is a few lines of settings, with a session of its own beside the one at Demo ID.'),
        h('div', { class: 'pair' }, cards.map(({ element }) => element)),
      ];
    },
    leave: () => leave.forEach((stop) => stop?.()),
  };
}
