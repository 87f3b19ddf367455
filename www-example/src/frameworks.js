// What a view does, in the code of a framework: that of its example.

import { fill, h } from './dom.js';

const kept = 'demo:framework';
let examples;

async function load() {
  examples ??= fetch('/examples.json').then((response) => response.json());
  try {
    return await examples;
  } catch (error) {
    examples = undefined;
    throw error;
  }
}

const file = ({ name, text }) => [h('h3', {}, h('code', {}, name)), h('pre', { tabindex: '0' }, h('code', {}, text))];

/** `view` is `home` or `orders`. A person chooses once for all views, until the tab is closed. */
export function inFramework(view) {
  const choices = h('p', { class: 'actions', role: 'group', 'aria-labelledby': 'frameworks' });
  const code = h('div', { id: 'framework-code', class: 'content' });

  function show(example, buttons) {
    sessionStorage.setItem(kept, example.folder);
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.framework === example.folder));
    fill(code,
      example[view].map(file),
      h('p', { class: 'hint' }, `The folder www-example/${example.folder} is the whole app. `, h('code', {}, `cargo xtask demo --framework ${example.folder}`), ' starts it.'));
  }

  load().then((list) => {
    const buttons = list.map((example) => h('button', {
      class: 'button small', type: 'button', 'data-framework': example.folder, onclick: () => show(example, buttons),
    }, example.title));
    fill(choices, buttons);
    const chosen = list.find(({ folder }) => folder === sessionStorage.getItem(kept));
    if (chosen) show(chosen, buttons);
  }, () => fill(choices, h('span', { class: 'hint' }, 'The code of the examples could not be loaded. Reload the page to try again.')));

  return h('section', { class: 'frameworks', 'aria-labelledby': 'frameworks' },
    h('h2', { id: 'frameworks' }, 'The same in your framework'), choices, code);
}
