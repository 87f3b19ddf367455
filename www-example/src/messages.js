// The two places of the page that speak to the person: a line for good news and for what ended, a panel for what went wrong.
// Only the latest message is shown: the line takes the panel away, and the panel takes the line away.

import { isOAuthError } from 'oidc-client-wasm';
import { byId, fill, h, whileBusy } from './dom.js';
import { explain } from './errors.js';

const say = (text, warn) => {
  const notice = byId('notice');
  notice.classList.toggle('warn', warn);
  notice.textContent = text;
};

export function hideError() {
  const panel = byId('error');
  panel.hidden = true;
  fill(panel);
}

/** `warn`: something ended that the person did not end here. */
export function notify(text, { warn = false } = {}) {
  hideError();
  say(text, warn);
}

/** Takes both away: the person has gone on to something else. */
export const clearMessages = () => notify('');

const facts = (error) => Object.entries({
  message: error.message,
  kind: error.kind,
  phase: error.phase,
  retryable: error.retryable,
  status: error.status,
  error: error.error,
  error_description: error.error_description,
}).filter(([, value]) => value !== undefined && value !== '');

/** What a developer needs. A visitor opens it only when somebody asks for it. */
const details = (error) => h('details', {},
  h('summary', {}, 'Details for developers ', h('code', { id: 'error-code' }, error.code ?? error.name)),
  error.remedy && h('p', { class: 'remedy' }, h('strong', {}, 'Remedy: '), h('span', { id: 'error-remedy' }, error.remedy)),
  h('dl', { class: 'facts' }, facts(error).map(([name, value]) => [h('dt', {}, name), h('dd', {}, String(value))])),
  error.code && h('p', {}, h('a', { id: 'error-docs', href: `/read/docs/errors.md#${error.code}` }, 'The documentation of ', h('code', {}, error.code))));

/** `retry`: what «Try again» does; without it there is no such button. */
export function showError(error, { retry } = {}) {
  if (!isOAuthError(error)) console.error(error);
  const { title, text } = explain(error);
  const again = retry && h('button', { id: 'error-retry', class: 'button primary', type: 'button' }, 'Try again');
  again?.addEventListener('click', whileBusy(again, async () => {
    hideError();
    await retry();
  }));
  const close = () => {
    hideError();
    byId('main').focus({ preventScroll: true }); // the button that had the focus is gone
  };
  say('', false);
  const panel = byId('error');
  fill(panel,
    h('h2', { id: 'error-title', tabindex: '-1' }, title),
    h('p', { id: 'error-text' }, text),
    h('p', { class: 'actions' }, again, h('button', { id: 'error-close', class: 'button', type: 'button', onclick: close }, 'Close')),
    details(error));
  panel.hidden = false;
  panel.scrollIntoView({ block: 'nearest' });
  panel.querySelector('h2').focus({ preventScroll: true });
}
