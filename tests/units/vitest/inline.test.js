import { test } from 'vitest';
import * as inline from 'oidc-client-wasm/inline';
import { settingsOfThePage, wholeLogin } from '../real.js';

test('a whole login', () => wholeLogin(inline));
test('a whole login with the verifier in Rust', () => wholeLogin(inline, { verifier: 'rust' }));
test('the settings are in a script element', () => settingsOfThePage(inline));
