// What a failure must be, beyond its code: an OAuthError of the kind that belongs to the code, complete.

import assert from 'node:assert/strict';

// As index.d.ts groups the codes.
const codes = {
  usage: [
    'config_invalid', 'client_secret_in_browser', 'end_session_not_supported', 'not_supported_by_provider', 'missing_token', 'origin_not_allowed',
  ],
  environment: [
    'network', 'timeout', 'aborted', 'http_status', 'storage_full', 'crypto_unavailable', 'wasm_load_failed', 'page_leaving',
    'page_stayed',
  ],
  refused: ['token_refused', 'refresh_refused', 'userinfo_refused'],
  rejected: [
    'issuer_mismatch', 'invalid_token_response', 'unsupported_token_type', 'malformed_jwt', 'bad_signature', 'weak_key', 'missing_claim', 'invalid_claim',
    'expired_token', 'nonce_mismatch', 'at_hash_mismatch', 'subject_mismatch', 'token_expired',
  ],
};
const kindOf = (code) => Object.keys(codes).find((kind) => codes[kind].includes(code));

/** Every field of an OAuthError as the page describes it; `more` names further ones, a regular expression what must be in a text. */
export function assertFailure(error, code, { phase, retryable = ['network', 'timeout'].includes(code), clientName = 'demo', ...more }) {
  assert.equal(error?.isOAuthError, true, `an OAuthError was expected: ${JSON.stringify(error)}`);
  assert.equal(error.code, code, error.message);
  assert.deepEqual(
    { kind: error.kind, phase: error.phase, retryable: error.retryable, clientName: error.clientName },
    { kind: kindOf(code), phase, retryable, clientName },
  );
  assert.ok(error.message, 'it says what happened');
  assert.equal(Boolean(error.remedy), code !== 'aborted', 'and what can be done');
  assert.equal(error.docs, `docs/errors.md#${code}`, 'and where the documentation speaks of it');
  for (const [name, expected] of Object.entries(more)) {
    if (expected instanceof RegExp) assert.match(error[name], expected, name);
    else assert.deepEqual(error[name], expected, name);
  }
}

/**
 * Runs `body` in the page, which must fail so; gives all fields of the error, with the name of its `cause`.
 * @param {object} expected `phase`, and what else deviates: see `assertFailure`
 */
export async function fails(world, code, expected, body, ...args) {
  const error = await world.call(`async (...args) => {
    try {
      await (${body})(...args);
    } catch (error) {
      const { cause } = error;
      return { ...window.describe(error), cause: cause?.name ?? cause };
    }
    return null;
  }`, ...args);
  assert.ok(error, `${code} was expected, and nothing was thrown`);
  assertFailure(error, code, expected);
  return error;
}
