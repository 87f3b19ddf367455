// Userinfo, refresh and revocation at oidc-provider.

import { useWorld } from '../lib/world.js';
import { tokenScenarios } from './portable/tokens.js';

tokenScenarios(useWorld({ refreshTokens: 'always', refreshIdToken: false }));
