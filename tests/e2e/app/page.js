// The page that tests drive. It does nothing by itself: a test says when the package starts and what it is asked.

import * as api from '/package/entry.js';

window.api = api;

/** The settings that the page's own document carries, as a server would render them. */
window.settingsElement = () => document.getElementById('settings');

// A module as the page itself imports it: the import of a script of WebDriver may be another copy (Firefox).
window.importModule = (name) => import(name);

window.start = async (settings, options) => {
  window.oauth = await api.createOAuth(settings, options);
};

/** Keeps how a call ended that may leave the page, so that a test learns of it if the page stayed. */
window.watch = (promise) => {
  window.outcome = undefined;
  Promise.resolve(promise).then(
    (value) => { window.outcome = { value: describe(value) }; },
    (error) => { window.outcome = { thrown: describe(error) }; },
  );
};

/** Everything that a page's own error reporting might send away, causes included. */
function report(error, depth = 5) {
  const members = Object(error) === error ? JSON.stringify(Object.getOwnPropertyDescriptors(error)) : '';
  const lines = [String(error), error?.stack, JSON.stringify(error), members];
  return error?.cause === undefined || depth === 0 ? lines.join('\n') : [...lines, report(error.cause, depth - 1)].join('\n');
}

function describeError(error) {
  const own = {};
  for (const name of [
    'code', 'kind', 'phase', 'retryable', 'remedy', 'docs', 'error', 'error_description', 'error_uri', 'status', 'clientName', 'appState',
  ]) if (error[name] !== undefined) own[name] = error[name];
  return {
    ...own,
    name: error.name,
    message: error.message,
    isOAuthError: error instanceof api.OAuthError && api.isOAuthError(error),
    isError: error instanceof Error,
    reported: report(error),
  };
}

/** Plain JSON of anything the package gives: errors with all their fields, clients by their name. */
function describe(value) {
  if (value instanceof Error) return describeError(value);
  if (typeof value?.authorizeRedirect === 'function') return { client: value.name };
  if (Array.isArray(value)) return value.map(describe);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, describe(member)]));
  return value;
}

window.describe = describe;
window.ready = true;
