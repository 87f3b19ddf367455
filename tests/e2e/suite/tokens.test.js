// The core, userinfo, refresh and revocation at oidc-provider.

import { useWorld } from '../lib/world.js';
import { coreScenarios } from './portable/core.js';
import { tokenScenarios } from './portable/tokens.js';

const world = useWorld({ refreshTokens: 'always', refreshIdToken: false });

coreScenarios(world);
tokenScenarios(world);
