/** @jest-environment ./docs.tmp/jest/jsdom-with-fetch.js */

import * as inline from 'oidc-client-wasm/inline';
import { wholeStory } from '../provider/whole.js';

test('a whole login at the provider in memory, in the environment that docs/testing.md shows', () => wholeStory(inline));
