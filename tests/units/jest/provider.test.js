/** @jest-environment ./docs.tmp/jest-modules/jsdom-with-fetch.js */

import * as inline from 'oidc-client-wasm/inline';
import { wholeStory } from '../provider/whole.js';

test('a whole login at the provider in memory, in the environment that docs/jest.md shows', () => wholeStory(inline));
