// Everything portable, at Canaille: the scenarios that run at oidc-provider in the files of the same names.

import { useWorld } from '../lib/world.js';
import { callbackScenarios } from './portable/callback.js';
import { loginScenarios } from './portable/login.js';
import { logoutScenarios } from './portable/logout.js';
import { refusalScenarios } from './portable/refused.js';
import { requestScenarios } from './portable/requests.js';

const world = useWorld({ clients: [{}, { client_id: 'second-spa' }] }, 'canaille');

loginScenarios(world);
callbackScenarios(world);
logoutScenarios(world);
refusalScenarios(world);
requestScenarios(world);
