// An error as a person should read it: a title, and a sentence that says what to do. messages.js shows both.

import { isOAuthError } from 'oidc-client-wasm';

const unreachable = {
  title: 'The sign-in service cannot be reached',
  text: 'It may be down, or this computer may be offline. Nothing has changed here.',
};

const foreign = {
  title: 'This sign-in answer is not yours',
  text: 'It does not belong to a sign-in that you started in this tab, so this page did not accept it. Nothing has changed here.',
};

// The words are looked up by the provider's `error`, then by the package's `code`, then by `kind`.
const byProvider = {
  access_denied: { title: 'You did not allow the sign-in', text: 'Nothing has changed here. You can try again at any time.' },
  login_required: { title: 'You need to sign in first', text: 'The provider does not know you in this browser yet.' },
  consent_required: { title: 'Your permission is needed', text: 'The provider wants to ask you before it lets this application in.' },
  temporarily_unavailable: unreachable,
};

const byCode = {
  network: unreachable,
  timeout: { ...unreachable, title: 'The sign-in service takes too long to answer' },
  http_status: { title: 'The sign-in service has a problem', text: 'It answered with an error. Please try again in a moment.' },
  mismatching_state: foreign,
  invalid_state: foreign,
  missing_state: foreign,
  expired_state: { title: 'The sign-in took too long', text: 'For safety, you must finish a sign-in within ten minutes. Please start again.' },
  storage_unavailable: { title: 'This browser blocks storage', text: 'Signing in needs the storage of this site. Please allow it (it may be blocked together with cookies), then try again.' },
  storage_full: { title: 'The storage of this browser is full', text: 'Please free some space for this site, then try again.' },
  expired_token: { title: 'The clock may be wrong', text: 'The answer of the sign-in service has already expired. Please check the date and time of this computer.' },
  token_not_yet_valid: { title: 'The clock may be wrong', text: 'The answer of the sign-in service lies in the future. Please check the date and time of this computer.' },
  refresh_refused: { title: 'Your access is not renewed', text: 'The sign-in service does not renew it any more. Please sign in again.' },
  token_expired: { title: 'Your access has run out', text: 'Please sign in again. The provider usually asks nothing.' },
  missing_token: { title: 'You are not signed in', text: 'Please sign in first.' },
  userinfo_refused: { title: 'The provider refuses to answer', text: 'It does not accept your access token any more. Please sign in again. The provider usually asks nothing.' },
  subject_mismatch: { title: 'The answer is about another person', text: 'This page discarded the answer. Nothing has changed here.' },
  origin_not_allowed: { title: 'Your access token stays here', text: 'This page tried to send the token to a site that is not on its list, so the package sent nothing.' },
  page_leaving: { title: 'This page is already leaving', text: 'A sign-in or a sign-out has begun. Please wait a moment.' },
  page_stayed: { title: 'You stayed on this page', text: 'The browser did not go to the sign-in service. Please try again.' },
  wasm_load_failed: { title: 'The application could not be loaded completely', text: 'A part of it is missing. Please reload the page.' },
};

const byKind = {
  usage: { title: 'This application is not set up correctly', text: 'You cannot correct this yourself. Please tell the people who run this site.' },
  environment: { title: 'That did not work', text: 'Please try again in a moment.' },
  refused: { title: 'The provider said no', text: 'It refused what this application asked for. Nothing has changed here.' },
  rejected: { title: 'The answer could not be trusted', text: 'It failed a security check, so this page discarded it. Nothing has changed here.' },
};

const unknown = { title: 'Something went wrong', text: 'This page has an error. Please reload it.' };

export function explain(error) {
  if (!isOAuthError(error)) return unknown;
  return byProvider[error.error] ?? byCode[error.code] ?? byKind[error.kind] ?? unknown;
}
