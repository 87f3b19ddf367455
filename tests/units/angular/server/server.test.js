// On a server there is no page: the module of an app's clients is imported there, and its app is rendered.

import '@angular/platform-server/init'; // as a build of the Angular CLI does first
import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { Component } from '@angular/core';
import { bootstrapApplication, provideClientHydration } from '@angular/platform-browser';
import { provideServerRendering, renderApplication } from '@angular/platform-server';
import { RouterOutlet, provideRouter } from '@angular/router';
import { expect, test } from 'vitest';
import { authInterceptor, createAuth, injectAuth, provideAuth, requireAuth } from 'oidc-client-wasm/angular';
import { soon, stubAuth } from '../../vue/stub-auth.js';

const component = (selector, template, members = () => ({})) => Component({ selector, template, imports: [RouterOutlet] })(class {
  constructor() { Object.assign(this, members()); }
});
const Status = component('app-status', '{{ status() }} {{ claims()?.name ?? "nobody" }}', () => injectAuth());
const Root = component('app-root', '<router-outlet />');

/** What a server renders for this address. */
const html = (auth, url, ...providers) => renderApplication((context) => bootstrapApplication(Root, {
  providers: [
    provideServerRendering(), provideClientHydration(), provideAuth(auth),
    provideRouter([{ path: 'protected', component: Status, canActivate: [requireAuth] }, { path: '**', component: Status }]), ...providers,
  ],
}, context), { document: '<app-root></app-root>', url, allowedHosts: ['app.example'] });

test('angular: a server renders that the client is loading, and hears of no failure', async () => {
  expect(typeof document).toBe('undefined');
  const auth = createAuth({ demo: { clientId: 'c', issuer: 'https://id.example.com' } });
  expect(await html(auth, 'https://app.example/')).toContain('loading nobody');
  await expect(auth.redirect).rejects.toMatchObject({ code: 'config_invalid' });
  await soon(); // A rejection that nobody handles would fail the run.
});

test.each(['/protected', '/?code=x&state=y'])('angular: a server renders %s, begins no login, waits for no answer, and listens to nothing', async (path) => {
  const { auth, demo } = stubAuth();
  expect(await html(auth, `https://app.example${path}`, provideHttpClient(withInterceptors([authInterceptor])))).toContain('loading nobody');
  await soon();
  expect([demo.calls, demo.listeners]).toEqual([[], 0]);
});

test('angular: the page of a server says to the browser that a server has rendered it', async () => {
  const page = await html(stubAuth().auth, 'https://app.example/');
  const [, state] = /<script id="ng-state" type="application\/json">(.*?)<\/script>/.exec(page);
  expect(Object.keys(JSON.parse(state)).length).toBeGreaterThan(0);
});
