/** @jest-environment ./docs.tmp/jest/jsdom-with-fetch.js */

import * as inline from 'oidc-client-wasm/inline';
import { wholeLogin } from '../real.js';

test('a whole login in the environment that docs/testing.md shows', () => wholeLogin(inline));
