// An app with zone.js: what changes outside of its zone, as a login in another tab, is shown all the same.

import 'zone.js';
import { NgZone, provideZoneChangeDetection } from '@angular/core';
import { expect, test } from 'vitest';
import { injectAuth, provideAuth } from 'oidc-client-wasm/angular';
import { boot, component, settled, shown, stubAuth, text } from './world.js';

const Status = component('{{ status() }} <button (click)="signIn()">Sign in</button>', () => injectAuth());

test('zone.js: a component shows a change, inside of the zone and outside', async () => {
  const { auth, demo } = stubAuth();
  const { injector } = await boot(Status, provideZoneChangeDetection(), provideAuth(auth));
  const zone = injector.get(NgZone);
  expect([NgZone.name, zone.isStable, text()]).toEqual(['NgZone', true, 'loading Sign in']);
  zone.runOutsideAngular(() => demo.show('signed-in'));
  expect(await shown()).toBe('signed-in Sign in');
  zone.run(() => demo.show('signed-out'));
  expect(await shown()).toBe('signed-out Sign in');
  document.querySelector('button').click();
  await settled();
  expect(text()).toBe('signing-in Sign in');
});
