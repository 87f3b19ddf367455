/** @jest-environment ./docs.tmp/jest-modules/jsdom-with-fetch.js */

import * as inline from 'oidc-client-wasm/inline';
import { wholeLogin } from '../real.js';

test('a whole login in the environment that docs/jest.md shows', () => wholeLogin(inline));
