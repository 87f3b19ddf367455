// Values of another realm, here of a frame, are as good as those of the page; what only looks like one of the platform's gets no token. And a
// built-in that the page has replaced by a function that throws ends no call for ever.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alice, login } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

test('URL, Request, AbortSignal, script element and settings of a frame are taken', async () => {
  const settings = world.settings({ apiOrigins: [world.app.origin] });
  await login(world, { settings });
  assert.deepEqual(await world.call(async (given) => {
    const frame = document.body.appendChild(document.createElement('iframe')).contentWindow;
    const { demo } = window.oauth;
    const { url } = await demo.createAuthorizationUrl({ redirectUri: new frame.URL('/callback', location.href) });
    const answer = await demo.fetch(new frame.Request(`${location.origin}/blank`));
    const again = await demo.get(new frame.URL('/blank', location.href));
    const aborted = await demo.getAccessToken({ signal: frame.AbortSignal.abort() }).catch(({ code }) => code);
    const script = frame.document.createElement('script');
    script.type = 'application/json';
    script.append(JSON.stringify(given));
    const { names } = await window.api.createOAuth(script);
    const other = await window.api.createOAuth(frame.JSON.parse(JSON.stringify(given)));
    return {
      redirect: new URL(url).searchParams.get('redirect_uri') === given.demo.redirectUri, statuses: [answer.status, again.status], aborted, names, sub: other.demo.claims.sub,
    };
  }, settings), { redirect: true, statuses: [200, 200], aborted: 'aborted', names: ['demo'], sub: alice.sub });
  const sent = world.app.requests.filter(({ path }) => path === '/blank').map(({ headers }) => /^Bearer /.test(headers.authorization));
  assert.deepEqual(sent, [true, true]);
});

for (const [what, pretend] of [
  ['the prototype', (url, toString) => Object.create(Request.prototype, { url: { value: url }, toString: { value: toString } })],
  ['the tag', (url, toString) => ({ url, toString, [Symbol.toStringTag]: 'Request' })],
]) {
  test(`what has ${what} of a Request, an allowed url, and another URL as its text: no token is sent`, async () => {
    await login(world, { settings: world.settings({ apiBaseUrl: 'http://127.0.0.1:9' }) });
    const code = await world.call(`async () => {
      const pretend = ${pretend};
      return window.oauth.demo.fetch(pretend('http://127.0.0.1:9/x', () => location.origin + '/blank')).then(() => 'sent', ({ code }) => code);
    }`);
    assert.equal(code, 'config_invalid');
    assert.deepEqual(world.app.requests.filter(({ path, headers }) => path === '/blank' && headers.authorization), []);
  });
}

test('an Array.prototype.push that throws at its first call after an answer: the refresh ends, and the next one works', async () => {
  await login(world);
  const ended = await world.call(async () => {
    const { push } = Array.prototype;
    const { fetch } = window;
    window.fetch = async (...args) => {
      const answer = await fetch(...args);
      Array.prototype.push = function lie() { throw new RangeError('no'); };
      return answer;
    };
    const late = () => new Promise((resolve) => { setTimeout(resolve, 5000, 'late'); });
    const ask = () => Promise.race([late(), window.oauth.demo.refreshToken().then(() => 'renewed', ({ code }) => code)]);
    const first = await ask();
    Object.assign(Array.prototype, { push });
    window.fetch = fetch;
    return [first, await ask()];
  });
  assert.deepEqual(ended, ['renewed', 'renewed']);
});
