// Logins in a popup and in a hidden frame: the app has the package's own page at the redirect URI, as it is told to.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach } from 'node:test';
import { packageFolder } from '../app/server.js';
import { useWorld } from './world.js';

const place = '/login/callback.html';

/** A world whose provider knows that page, and whose app serves it and may show the provider in a frame. */
export function useWindows(providerOptions = {}, name = undefined) {
  const world = useWorld({ redirectPaths: ['/', '/callback', place], ...providerOptions }, name);
  beforeEach(async () => {
    world.app.restrict({ 'frame-src': `'self' ${world.provider.issuer}` });
    await serveCallback(world);
  });
  return world;
}

/** Serves the page as an app that has copied it. `change` may change the script. */
export async function serveCallback(world, { headers = {}, change = (script) => script } = {}) {
  const file = (name) => readFile(path.join(packageFolder, name), 'utf8');
  const strict = { 'content-security-policy': "default-src 'none'; script-src 'self'; frame-ancestors 'self'; require-trusted-types-for 'script'", ...headers };
  world.app.serve(place, { type: 'text/html; charset=utf-8', body: await file('callback.html'), headers: strict });
  world.app.serve('/login/callback.js', { type: 'text/javascript', body: change(await file('callback.js')), headers: strict });
}

export function settings(world, members = {}) {
  const uri = world.app.url(place);
  return world.settings({ popupRedirectUri: uri, silentRedirectUri: uri, ...members });
}

/** What a login in a window must have left: nothing but the session. */
export function leftovers(world) {
  return world.call(() => ({
    frames: document.querySelectorAll('iframe').length,
    records: Object.keys(sessionStorage).filter((key) => /oidc-(popup|silent)/.test(key)),
  }));
}

export const nothing = { frames: 0, records: [] };
