// The third view: providers of other kinds. Each client has a session of its own.

import { codeHostCard } from './code-host.js';
import { googleCard } from './google.js';
import { h } from './dom.js';

export function providersView(app) {
  let leave = [];
  return {
    title: 'Providers',
    docs: ['several-providers', 'providers', 'errors'],
    code: ['src/providers.js', 'src/code-host.js', 'src/google.js', 'vite.config.js', 'public/oauth-clients.json', 'provider/plain-provider.js'],
    render() {
      const cards = [codeHostCard(app), googleCard(app)];
      leave = cards.map(({ stop }) => stop);
      return [
        h('h1', { tabindex: '-1' }, 'Other providers'),
        h('p', { class: 'lead' }, 'One application can have several clients. Each client takes a few lines of settings and has a session of its own.'),
        h('div', { class: 'pair' }, cards.map(({ element }) => element)),
      ];
    },
    leave: () => leave.forEach((stop) => stop?.()),
  };
}
