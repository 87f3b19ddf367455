// The one story that the example of every framework has to tell. FRAMEWORKS has the names of the examples, with commas between them; without it,
// all are tried.

import assert from 'node:assert/strict';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { listen } from '../../www-example/provider/listen.js';
import { startProvider } from '../../www-example/provider/provider.js';
import { openDriver } from '../e2e/driver/driver.js';
import * as pages from '../e2e/lib/pages.js';
import { alice } from '../e2e/lib/steps.js';
import { appOf, build, names, start } from './apps.js';
import { startHost } from './serve.js';

const chosen = process.env.FRAMEWORKS ? process.env.FRAMEWORKS.split(',') : names();

let driver;
before(async () => { driver = await openDriver(); });
after(() => driver?.close());

async function freePort() {
  const server = await listen(() => {}, 0, 'localhost');
  await server.close();
  return server.port;
}

/** The app, built and served, and the provider that it signs in at. */
async function startWorld(name, t) {
  const app = appOf(name);
  const host = await startHost();
  t.after(() => host.close());
  const provider = await startProvider({ appOrigin: host.origin, refreshTokens: 'always' });
  t.after(() => provider.close());
  const { issuer, clientId } = provider;
  await build(app, issuer);
  const what = { folder: path.join(app.folder, app.out), issuer, policy: app.policy };
  if (app.start) {
    const port = await freePort();
    const server = await start(app, port, issuer);
    t.after(() => server.close());
    what.upstream = `http://localhost:${port}`;
  }
  const settings = {
    demo: {
      clientId, issuer, redirectUri: host.url('/callback'), postLogoutRedirectUri: host.url('/'), scope: 'openid profile email offline_access', apiBaseUrl: `${issuer}/api/`,
    },
  };
  host.show({ ...what, settings });
  await driver.fresh([host.url('/blank')]);
  return { host, provider };
}

for (const name of chosen) {
  test(`${name}: from a protected route through the provider and back, in two tabs, until the person has signed out`, async (t) => {
    const { host, provider } = await startWorld(name, t);
    const at = (pathname) => driver.untilAt(pathname, (url) => url.href === host.url(pathname));
    const seen = async () => JSON.parse(await driver.look('sessionStorage.getItem("seen")') ?? '[]');
    const forget = () => driver.look('sessionStorage.removeItem("seen")');
    const untilNamed = () => driver.untilText('#name', (text) => text === alice.name);
    const logins = () => provider.requestsTo(provider.paths.authorization);
    let hasFailed = false;
    const step = (title, body) => t.test(title, { skip: hasFailed && 'a step before it failed' }, async () => {
      hasFailed = true;
      await body();
      hasFailed = false;
    });

    await step('a stranger on the protected route is led to the provider, and comes back to that route', async () => {
      await driver.goto(host.url('/protected'));
      await pages.signIn(driver, alice);
      await at('/protected');
      await untilNamed();
      assert.equal(logins().length, 1);
      assert.deepEqual((await seen()).filter((place) => /#(?:sign-in|error)$/.test(place)), [], 'nobody was asked to click');
    });
    const since = Math.floor(Date.now() / 1000);

    await step('after a reload the person is there, without a question to the provider and without a flash of "Sign in"', async () => {
      provider.clearRequests();
      await forget();
      await driver.reload();
      await untilNamed();
      assert.deepEqual((await seen()).filter((place) => place.endsWith('#sign-in')), []);
      assert.deepEqual(provider.requests.map((request) => request.path), []);
    });

    await step('the API knows the person', async () => {
      await driver.click('#call-api');
      await driver.untilText('#api', (text) => text.includes('PC-20419'));
    });

    const first = await driver.tab();
    let second;
    await step('a second tab is signed in, without a login', async () => {
      second = await driver.newTab();
      await driver.goto(host.url('/protected'));
      await untilNamed();
      assert.deepEqual((await seen()).filter((place) => place.endsWith('#sign-in')), []);
      assert.deepEqual(logins(), []);
    });

    await step('a sign-out on the protected route ends at the start, and no guard of any tab begins a login', async () => {
      await driver.to(first);
      // A logout of the second of the login counts as the earlier of the two.
      await driver.until('the next second', () => Math.floor(Date.now() / 1000) > since);
      await driver.click('#sign-out');
      await pages.signOut(driver);
      await at('/');
      await driver.untilShown('#sign-in');
      assert.equal(await driver.has('#name'), false);
      await driver.to(second);
      await driver.untilShown('#sign-in');
      assert.equal((await driver.url()).href, host.url('/protected'));
      assert.equal(await driver.has('#name'), false);
      await driver.to(first);
      await driver.reload();
      await driver.untilShown('#sign-in');
      await at('/');
      assert.deepEqual(logins(), []);
    });

    await step('Back shows nothing of the person', async () => {
      await forget();
      await driver.until('a page of the app', async () => {
        await driver.back();
        return (await driver.url()).origin === host.origin;
      });
      // Of the app, or of the provider, to which the guard has led a page that was loaded anew.
      await driver.untilShown('#sign-in');
      await driver.goto(host.url('/blank'));
      assert.deepEqual((await seen()).filter((place) => /the person$|#name$/.test(place)), []);
    });

    if (driver.can('console')) await step('the console has no complaint', async () => {
      assert.deepEqual((await driver.console()).filter(({ level }) => !['DEBUG', 'INFO'].includes(level)), []);
    });
  });
}
