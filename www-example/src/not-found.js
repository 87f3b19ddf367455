// The view of every address that has no view.

import { h } from './dom.js';

export const notFoundView = () => ({
  title: 'Page not found',
  docs: ['README', 'first-login'],
  code: ['src/not-found.js', 'src/router.js'],
  render: () => [
    h('h1', { tabindex: '-1' }, 'Page not found'),
    h('section', { class: 'card empty', id: 'not-found' },
      h('p', {}, 'This application has no page at ', h('code', {}, location.pathname), '. The address may have a typing mistake.'),
      h('p', { class: 'actions' }, h('a', { class: 'button primary', href: '/', 'data-link': true }, 'Go to the first page'))),
  ],
});
