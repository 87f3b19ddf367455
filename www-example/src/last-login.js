// The login of this tab as a sequence diagram, drawn from what the client really did (oidc-client-wasm/devtools), and the button of the devtools.

import { recordRequests, sequenceDiagram, sequenceList } from 'oidc-client-wasm/devtools';
import { fill, h } from './dom.js';
import { showError } from './messages.js';

/** Begun with the page, before the client: the option `log` of `createOAuth`. It is masked, and survives the redirect. */
export const record = recordRequests();

/** The card. The drawing follows the record and the width of the card; `stop()` ends that. */
export function lastLoginCard() {
  const drawing = h('div', { id: 'last-login', class: 'drawing' });
  const list = h('div', {});
  let width = 0;
  const draw = () => {
    const { entries } = record;
    fill(drawing, sequenceDiagram(entries, { width: Math.min(width || 640, 820) }));
    fill(list, sequenceList(entries));
  };
  const sizes = new ResizeObserver(([{ contentRect }]) => {
    if (Math.abs(contentRect.width - width) < 1) return;
    ({ width } = contentRect);
    draw();
  });
  sizes.observe(drawing);
  const forget = record.onChange(draw);
  draw();
  return {
    element: h('section', { class: 'card', 'aria-labelledby': 'last-login-title' },
      h('div', { class: 'title' },
        h('h2', { id: 'last-login-title' }, 'The login that you have just made'),
        h('a', { href: '/read/docs/devtools.md' }, 'About this diagram')),
      h('p', { class: 'hint' }, 'Drawn from the requests of this tab. Codes, tokens and names are masked before they are kept.'),
      drawing,
      h('details', {}, h('summary', {}, 'Step by step, with every parameter'), list)),
    stop() {
      sizes.disconnect();
      forget();
    },
  };
}

/** The button in the footer that opens and closes the devtools. The panel is loaded when it is wanted. */
export function watchDevtoolsButton(button, oauth) {
  let panel;
  button.addEventListener('click', async () => {
    if (panel?.isConnected) {
      panel.close();
      return;
    }
    try {
      const { mountDevtools } = await import('oidc-client-wasm/devtools');
      panel = mountDevtools(oauth, { log: record });
      panel.shadowRoot.querySelector('[aria-selected="true"]').focus();
    } catch (error) {
      showError(error);
    }
  });
}
