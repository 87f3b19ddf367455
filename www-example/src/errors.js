// An error as a person should see it: a sentence first, what to do second, the technical facts folded away.

import { isOAuthError } from 'oidc-client-wasm';
import { byId, fill, h, whileBusy } from './dom.js';

const unreachable = {
  title: 'The sign-in service cannot be reached',
  text: 'It may be down, or this computer may be offline. Nothing has changed here.',
};

const foreign = {
  title: 'This sign-in answer is not yours',
  text: 'It does not belong to a sign-in that you started in this tab, so it was not accepted. Nothing has changed here.',
};

// By what the provider said, then by the package's code, then by whose turn it is to act.
const byProvider = {
  access_denied: { title: 'You did not allow the sign-in', text: 'So nothing has changed here. You can try again whenever you like.' },
  login_required: { title: 'You need to sign in first', text: 'The provider does not know you in this browser yet.' },
  consent_required: { title: 'Your permission is needed', text: 'The provider wants to ask you before it lets this application in.' },
  temporarily_unavailable: unreachable,
};

const byCode = {
  network: unreachable,
  timeout: { ...unreachable, title: 'The sign-in service takes too long to answer' },
  http_status: { title: 'The sign-in service has a problem', text: 'It answered, but not with what was asked for. Please try again in a moment.' },
  mismatching_state: foreign,
  invalid_state: foreign,
  missing_state: foreign,
  expired_state: { title: 'That took a little too long', text: 'For safety, a sign-in has to be finished within ten minutes. Please start again.' },
  storage_unavailable: { title: 'This browser blocks storage', text: 'Signing in needs the storage of this site. Please allow it (it may be blocked together with cookies), then try again.' },
  storage_full: { title: 'The storage of this browser is full', text: 'Please free some space for this site, then try again.' },
  expired_token: { title: 'The clock may be wrong', text: 'The answer of the sign-in service has already expired. Please check the date and time of this computer.' },
  token_not_yet_valid: { title: 'The clock may be wrong', text: 'The answer of the sign-in service lies in the future. Please check the date and time of this computer.' },
  refresh_refused: { title: 'Your access is not renewed', text: 'The sign-in service does not renew it any more. Please sign in again.' },
  token_expired: { title: 'Your access has run out', text: 'Please sign in again; usually nothing is asked.' },
  missing_token: { title: 'You are not signed in', text: 'Please sign in first.' },
  userinfo_refused: { title: 'The provider does not tell', text: 'It does not accept your access any more. Signing in again brings a new one, usually without a question.' },
  subject_mismatch: { title: 'The answer speaks of somebody else', text: 'So it was thrown away. Nothing has changed here.' },
  origin_not_allowed: { title: 'Your access token stays here', text: 'This page asked to send it to a site that is not on its list, so nothing was sent at all.' },
  wasm_load_failed: { title: 'The application could not be loaded completely', text: 'A part of it is missing. Please reload the page.' },
};

const byKind = {
  usage: { title: 'This application is not set up correctly', text: 'There is nothing you can do about it yourself: please tell the people who run it.' },
  environment: { title: 'Something got in the way', text: 'It may be gone in a moment. Please try again.' },
  refused: { title: 'The provider said no', text: 'It refused what this application asked for. Nothing has changed here.' },
  rejected: { title: 'The answer could not be trusted', text: 'It did not pass the checks, so it was thrown away. Nothing has changed here.' },
};

const unknown = { title: 'Something went wrong', text: 'This was not expected. Reloading the page may help.' };

export function explain(error) {
  if (!isOAuthError(error)) return unknown;
  return byProvider[error.error] ?? byCode[error.code] ?? byKind[error.kind] ?? unknown;
}

const facts = (error) => Object.entries({
  kind: error.kind,
  phase: error.phase,
  retryable: error.retryable,
  status: error.status,
  error: error.error,
  error_description: error.error_description,
  message: error.message,
}).filter(([, value]) => value !== undefined && value !== '');

export function hideError() {
  const panel = byId('error');
  panel.hidden = true;
  fill(panel);
}

/** `retry`: what «Try again» does; without it there is no such button. */
export function showError(error, { retry } = {}) {
  if (!isOAuthError(error)) console.error(error);
  const { title, text } = explain(error);
  const panel = byId('error');
  const again = retry && h('button', { id: 'error-retry', class: 'button primary', type: 'button' }, 'Try again');
  again?.addEventListener('click', whileBusy(again, async () => {
    hideError();
    await retry();
  }));
  fill(panel,
    h('h2', { id: 'error-title', tabindex: '-1' }, title),
    h('p', { id: 'error-text' }, text),
    error.remedy && h('p', { class: 'remedy' }, h('strong', {}, 'For whoever runs this site: '), h('span', { id: 'error-remedy' }, error.remedy)),
    h('details', {},
      h('summary', {}, 'Details for developers ', h('code', { id: 'error-code' }, error.code ?? error.name)),
      h('dl', { class: 'facts' }, facts(error).flatMap(([name, value]) => [
        h('dt', {}, name),
        h('dd', {}, String(value)),
      ]))),
    h('p', { class: 'actions' },
      again,
      h('button', { id: 'error-close', class: 'button', type: 'button', onclick: hideError }, 'Close')),
  );
  panel.hidden = false;
  panel.scrollIntoView({ block: 'nearest' });
  panel.querySelector('h2').focus({ preventScroll: true });
}
