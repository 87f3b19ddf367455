// The entry of the application. The package demands a call before all other code, and the rest of the application in a second chunk.

import { oidcEarlyInit } from 'oidc-spa/entrypoint';

const { shouldLoadApp } = oidcEarlyInit({ BASE_URL: new URL(window.settings.home).pathname, sessionRestorationMethod: 'iframe' });
if (shouldLoadApp) void import('./oidc-spa.app.js');
