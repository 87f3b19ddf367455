import { APP_BASE_HREF } from '@angular/common';
import { withEnabledBlockingInitialNavigation, withHashLocation } from '@angular/router';
import { expect, test } from 'vitest';
import { requireAuth } from 'oidc-client-wasm/angular';
import { component, logins, place, Protected, settled, shown, start } from './world.js';

const guarded = (options) => [{ path: 'protected', component: Protected, canActivate: [requireAuth(options)] }, { path: 'protected/:id', component: Protected, canActivate: [requireAuth(options)] }];
const plain = [{ path: 'protected', component: Protected, canActivate: [requireAuth] }];

test.each(['canActivate', 'canMatch'])('a guarded route waits until the client is there: %s', async (kind) => {
  const { demo } = await start({ at: '/protected', routes: [{ path: 'protected', component: Protected, [kind]: [requireAuth] }] });
  expect(await shown()).toBe('');
  demo.show('signed-in');
  expect(await shown()).toBe('of Alice');
  expect(demo.calls).toEqual([]);
});

test('canActivateChild guards the routes below', async () => {
  const { demo } = await start({ at: '/area/inner', routes: [{ path: 'area', canActivateChild: [requireAuth], children: [{ path: 'inner', component: Protected }] }] });
  expect(await shown()).toBe('');
  demo.show('signed-in');
  expect(await shown()).toBe('of Alice');
});

test('a route without a guard waits for nothing', async () => {
  await start({ at: '/welcome', routes: plain });
  expect(await shown()).toBe('welcome');
});

test('a login comes back to the route that was asked for, and not to the one before', async () => {
  const { demo, github, router } = await start({ at: '/welcome', routes: guarded({ params: { prompt: 'login' } }) });
  demo.show('signed-out');
  github.show('signed-out');
  void router.navigateByUrl('/protected/7?page=2#last');
  expect(await shown()).toBe('welcome');
  expect(logins(demo)).toEqual([{ appState: { returnTo: '/protected/7?page=2#last' }, prompt: 'login' }]);
  expect([logins(github), place()]).toEqual([[], '/welcome']);
});

test.each(['canActivate', 'canMatch'])('an app below a folder comes back to that folder: %s', async (kind) => {
  const { demo, router } = await start({ at: '/app/', routes: [{ path: 'protected', component: Protected, [kind]: [requireAuth] }], providers: [{ provide: APP_BASE_HREF, useValue: '/app/' }] });
  demo.show('signed-out');
  void router.navigateByUrl('/protected');
  await settled();
  expect(logins(demo)).toEqual([{ appState: { returnTo: '/app/protected' } }]);
});

test('a hash location comes back to the fragment', async () => {
  const { demo, router } = await start({ routes: plain, features: [withHashLocation()] });
  demo.show('signed-out');
  void router.navigateByUrl('/protected');
  await settled();
  expect(logins(demo)).toEqual([{ appState: { returnTo: '/#/protected' } }]);
});

test('two guards on the way to one route begin one login', async () => {
  const { demo } = await start({ at: '/area/inner', routes: [{ path: 'area', canActivate: [requireAuth, requireAuth()], canActivateChild: [requireAuth], children: [{ path: 'inner', component: Protected }] }] });
  demo.show('signed-out');
  await settled();
  expect(logins(demo)).toHaveLength(1);
});

test('a route asks for the client that it names', async () => {
  const { demo, github } = await start({ at: '/github', routes: [{ path: 'github', component: component('github'), canActivate: [requireAuth({ name: 'github' })] }] });
  demo.show('signed-in');
  expect(await shown()).toBe('');
  github.show('signed-in');
  expect(await shown()).toBe('github');
});

test.each([['another route', '/welcome'], ['the route of the person', '/map']])('a navigation to %s takes the place of one to a guarded route: no login begins', async (_, to) => {
  const { demo, router } = await start({ at: '/map', routes: plain });
  await settled();
  void router.navigateByUrl('/protected');
  await settled();
  await router.navigateByUrl(to);
  demo.show('signed-out');
  await settled();
  expect([demo.calls, place()]).toEqual([[], to]);
});

test('an app that has ended begins no login', async () => {
  const { app, demo } = await start({ at: '/protected', routes: plain });
  await settled();
  app.destroy();
  demo.show('signed-out');
  await settled();
  expect([demo.calls, demo.listeners]).toEqual([[], 0]);
});

test('a logout that is leaving is left alone, and after it the route is one that anybody may see', async () => {
  const { demo } = await start({ at: '/protected', routes: plain });
  demo.show('signed-in');
  await settled();
  demo.show('signing-out');
  expect(await shown()).toBe('of ');
  demo.show('signed-out');
  expect(await shown()).toBe('home');
  expect([place(), demo.calls]).toEqual(['/', []]);
});

test('a guarded route that is asked for after a sign-out begins no login', async () => {
  const { demo, router } = await start({ at: '/map', routes: guarded({ fallback: '/welcome' }) });
  demo.show('signed-in');
  demo.show('signed-out');
  await router.navigateByUrl('/protected');
  expect(await shown()).toBe('welcome');
  expect(demo.calls).toEqual([]);
});

test('the end of a session means nothing to a route that needs none', async () => {
  const { demo, router } = await start({ at: '/protected', routes: plain });
  demo.show('signed-in');
  await settled();
  await router.navigateByUrl('/welcome');
  demo.show('signed-out');
  expect(await shown()).toBe('welcome');
});

test('a guard listens once, however many routes it lets in', async () => {
  const { demo, router } = await start({ at: '/protected', routes: guarded() });
  demo.show('signed-in');
  await settled();
  for (const id of [1, 2, 3]) await router.navigateByUrl(`/protected/${id}`);
  expect(demo.listeners).toBe(2); // the guard, and the component
});

test('a login that fails ends at the fallback, once', async () => {
  const { demo } = await start({ at: '/protected', routes: plain });
  demo.login = async () => { demo.show('signed-out', { error: new Error('no') }); throw new Error('no'); };
  demo.show('signed-out');
  expect(await shown()).toBe('home');
  expect(logins(demo)).toHaveLength(1);
});

test('a person who comes back from the provider without a login stays on the route of the link', async () => {
  const { demo, router } = await start({ at: '/map', routes: plain });
  demo.login = async () => { demo.show('signed-out'); };
  demo.show('signed-out');
  expect(await router.navigateByUrl('/protected')).toBe(false);
  expect(await shown()).toBe('map');
});

test('a person who comes back without a login to the first route of the app gets the fallback', async () => {
  const { demo } = await start({ at: '/protected', routes: plain });
  demo.login = async () => { demo.show('signed-out'); };
  demo.show('signed-out');
  expect(await shown()).toBe('home');
});

test('a person who comes back without a login to the first route of the app is not sent away again where the fallback is guarded, too', async () => {
  const { demo } = await start({ at: '/protected', routes: [...guarded({ fallback: '/area' }), { path: 'area', component: component('area'), canActivate: [requireAuth] }] });
  demo.login = async () => { demo.show('signed-out'); };
  demo.show('signed-out');
  expect(await shown()).toBe('');
  expect(logins(demo)).toHaveLength(1);
});

test('a fallback that another client guards begins a login of that client', async () => {
  const { demo, github } = await start({ at: '/protected', routes: [...guarded({ fallback: '/github' }), { path: 'github', component: component('github'), canActivate: [requireAuth({ name: 'github' })] }] });
  demo.login = async () => { demo.show('signed-out', { error: new Error('no') }); throw new Error('no'); };
  github.show('signed-out');
  demo.show('signed-out');
  await settled();
  expect([logins(demo).length, logins(github).length]).toEqual([1, 1]);
});

test('a fallback that is guarded, too, also by a redirect, ends the navigation', async () => {
  const routes = [...guarded({ fallback: '/moved' }), { path: 'moved', redirectTo: 'protected' }];
  const { demo, router } = await start({ at: '/map', routes });
  demo.show('signing-out');
  demo.show('signed-out');
  expect(await router.navigateByUrl('/protected/1')).toBe(false);
  expect(await shown()).toBe('map');
});

test.each([['/', 'home'], [false, 'map']])('a session that ends while the component of the route is on its way lets nobody in: fallback %j', async (fallback, end) => {
  let arrive;
  const late = new Promise((resolve) => { arrive = () => resolve(Protected); });
  const { demo, router } = await start({ at: '/map', routes: [{ path: 'late', loadComponent: () => late, canActivate: [requireAuth({ fallback })] }] });
  demo.show('signed-in');
  void router.navigateByUrl('/late');
  await settled();
  demo.show('signing-out');
  demo.show('signed-out');
  arrive();
  expect(await shown()).toBe(end);
});

test('the fallback `true` is the guarded route itself, for a person who is signed out', async () => {
  const { demo } = await start({ at: '/protected', routes: guarded({ fallback: true }) });
  demo.show('signing-out');
  demo.show('signed-out');
  expect(await shown()).toBe('of ');
});

test.each([[[]], [[withEnabledBlockingInitialNavigation()]]])('the answer of a login leads to where it began, and no route sees the response (%#)', async (features) => {
  const urls = [];
  const seen = { path: 'protected', component: Protected, canActivate: [(_, { url }) => { urls.push(url); return true; }, requireAuth] };
  const { answer, booting, demo } = await start({ at: '/callback?code=x&state=y', routes: [seen], features, isWaiting: true });
  await settled();
  history.replaceState(null, '', '/callback'); // as the client does
  demo.show('signed-in');
  answer({ kind: 'login', appState: { returnTo: '/protected?page=2#last' } });
  await booting;
  expect(await shown()).toBe('of Alice');
  expect([place(), urls]).toEqual(['/protected?page=2#last', ['/protected?page=2#last']]);
});

test('a refused login leads to where it began, and begins no other', async () => {
  const { booting, demo, fail } = await start({ at: '/callback?error=access_denied&state=y', routes: plain, isWaiting: true });
  history.replaceState(null, '', '/callback');
  const error = Object.assign(new Error('no'), { appState: { returnTo: '/welcome' } });
  demo.show('signed-out', { error });
  fail(error);
  await booting;
  expect(await shown()).toBe('welcome');
  expect(demo.calls).toEqual([]);
});

test('a load that failed shows no route the response, and a later answer leads to where the login began', async () => {
  const { booting, fail } = await start({ at: '/callback?code=x&state=y', routes: plain, isWaiting: true });
  fail(new Error('offline'));
  await booting;
  expect(await shown()).toBe('unknown');
  expect(place()).toBe('/callback');
});
