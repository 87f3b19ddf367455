// The providers that scenarios run against, by name: how one is started, and how a person uses its pages.

import { startProvider } from '../../../www-example/provider/provider.js';
import { startCanaille } from '../canaille/canaille.js';
import * as canaillePages from '../canaille/pages.js';
import { startDevProvider } from '../dev-provider/dev-provider.js';
import * as devPages from '../dev-provider/pages.js';
import { startDjango } from '../django/django.js';
import * as djangoPages from '../django/pages.js';
import { startIdpyoidc } from '../idpyoidc/idpyoidc.js';
import * as idpyoidcPages from '../idpyoidc/pages.js';
import * as pages from './pages.js';

export const providers = {
  'oidc-provider': {
    // Keys are made for the algorithm in use alone: a test file starts sooner.
    start: (options) => startProvider({ signingAlgs: [], ...options }),
    pages,
  },
  idpyoidc: { start: startIdpyoidc, pages: idpyoidcPages },
  django: { start: startDjango, pages: djangoPages },
  'dev-provider': { start: startDevProvider, pages: devPages },
  canaille: { start: startCanaille, pages: canaillePages },
};
