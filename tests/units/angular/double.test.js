// The double of oidc-client-wasm/testing in the tests of an app with Angular, as docs/angular.md has it.

import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed, getTestBed } from '@angular/core/testing';
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing';
import { provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { authInterceptor, injectAuth, provideAuth, requireAuth } from 'oidc-client-wasm/angular';
import { createTestAuth } from 'oidc-client-wasm/testing';
import { component, settled, soon } from './world.js';

beforeAll(() => getTestBed().initTestEnvironment(BrowserTestingModule, platformBrowserTesting()));
afterEach(() => TestBed.resetTestingModule());

const Home = component('{{ status() }} {{ claims()?.name }} {{ error()?.code }}', () => injectAuth());

test('angular: a component shows what the double is led to', async () => {
  const auth = createTestAuth({ demo: { claims: { name: 'Alice' } } });
  TestBed.configureTestingModule({ imports: [Home], providers: [provideAuth(auth)] });
  const fixture = TestBed.createComponent(Home);
  const text = async () => { await fixture.whenStable(); return fixture.nativeElement.textContent.trim(); };
  expect(await text()).toBe('signed-in Alice');
  auth.signOut();
  expect(await text()).toBe('signed-out');
  void fixture.componentInstance.signIn().catch(() => {});
  expect(await text()).toBe('signing-in');
  auth.fail('authorization_refused');
  expect(await text()).toBe('signed-out  authorization_refused');
});

test('angular: a guard begins a login of the double, which comes back to the route', async () => {
  const auth = createTestAuth({ demo: null });
  TestBed.configureTestingModule({ providers: [provideAuth(auth), provideRouter([{ path: 'protected', component: Home, canActivate: [requireAuth] }])] });
  const harness = await RouterTestingHarness.create();
  const navigating = harness.navigateByUrl('/protected');
  await settled();
  expect(auth.called('authorizeRedirect')).toEqual([[{ appState: { returnTo: '/protected' } }]]);
  auth.signIn({ name: 'Alice' });
  await navigating;
  expect(harness.routeNativeElement.textContent).toContain('signed-in Alice');
});

test('angular: the interceptor adds the token of the double to requests to the API that the test names', async () => {
  const auth = createTestAuth({ demo: {} });
  const interceptors = withInterceptors([authInterceptor({ urls: ['/api/'] })]);
  TestBed.configureTestingModule({ providers: [provideAuth(auth), provideHttpClient(interceptors), provideHttpClientTesting()] });
  TestBed.inject(HttpClient).get('/api/orders').subscribe();
  await soon();
  const { request } = TestBed.inject(HttpTestingController).expectOne('/api/orders');
  expect(request.headers.get('Authorization')).toBe('Bearer fake-access-token-1-of-demo');
});
