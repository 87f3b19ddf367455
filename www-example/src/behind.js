// What stands below each view: the documentation of what the view shows, and the files that it is made of. The demo's server
// renders both (reader/).

import { h } from './dom.js';
import { inFramework } from './frameworks.js';

const titles = {
  README: 'All pages of the documentation',
  'first-login': 'First login',
  frameworks: 'React, Vue and other frameworks',
  'api-calls': 'Calling an API',
  session: 'New tabs, and how long a session lasts',
  refresh: 'Tokens that expire',
  logout: 'Signing out',
  'several-providers': 'Several providers',
  providers: 'Settings for well-known providers',
  errors: 'Every error and its remedy',
  devtools: 'The log and the devtools',
};

const links = (id, title, list) => h('section', { 'aria-labelledby': id },
  h('h2', { id }, title),
  h('ul', {}, list.map(([file, label]) => h('li', {}, h('a', { href: `/read/${file}` }, label)))));

export const behind = ({ docs, code, example }) => h('aside', { class: 'behind', 'aria-label': 'Behind this page' },
  links('behind-docs', 'How to do this in your application', docs.map((name) => [`docs/${name}.md`, titles[name]])),
  links('behind-code', 'The code of this page', code.map((name) => [`www-example/${name}`, h('code', {}, name)])),
  example && inFramework(example));
