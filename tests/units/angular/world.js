// A real app of Angular without a compiler of its own: the components of these tests are compiled when they are first rendered.

import { Component, ErrorHandler, reflectComponentType } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { provideRouter, Router, RouterOutlet } from '@angular/router';
import { afterEach } from 'vitest';
import { injectAuth, provideAuth } from 'oidc-client-wasm/angular';
import { soon, stubAuth } from '../vue/stub-auth.js';

let count = 0;
/** A component of this template, with these members. */
export const component = (template, members = () => ({})) => Component({ selector: `app-${count += 1}`, template, imports: [RouterOutlet] })(class {
  constructor() { Object.assign(this, members()); }
});

const running = [];
afterEach(() => {
  for (const app of running.splice(0)) if (!app.destroyed) app.destroy();
  document.body.replaceChildren();
  document.querySelector('base')?.remove();
  history.replaceState(null, '', '/');
});

/** Starts an app. Gives its injector, and what it has told its ErrorHandler. */
export async function boot(root, ...providers) {
  const told = [];
  const { selector } = reflectComponentType(root);
  if (!document.querySelector(selector)) document.body.append(document.createElement(selector));
  const handler = { provide: ErrorHandler, useValue: { handleError: (error) => told.push(error) } };
  const app = await bootstrapApplication(root, { providers: [handler, ...providers] });
  running.push(app);
  return { app, told, injector: app.injector };
}

export const text = () => document.body.textContent;
export const place = () => location.pathname + location.search + location.hash;
/** Lets the navigations and the changes of a while come to their end. */
export const settled = async () => { for (let turn = 0; turn < 6; turn += 1) await soon(); };
export const shown = async () => { await settled(); return text(); };

export const Protected = component('of {{ claims()?.name }}', () => injectAuth());

/** An app with these routes at this URL. */
export async function start({ at = '/', routes, features = [], providers = [], stub = stubAuth('demo', 'github'), isWaiting = false }) {
  history.replaceState(null, '', at);
  const all = [
    { path: '', pathMatch: 'full', component: component('home') },
    { path: 'welcome', component: component('welcome') },
    { path: 'map', component: component('map') },
    ...routes,
    { path: '**', component: component('unknown') },
  ];
  const booting = boot(component('<router-outlet />'), provideRouter(all, ...features), provideAuth(stub.auth), ...providers);
  if (isWaiting) return { ...stub, booting };
  const { app, injector, told } = await booting;
  await settled();
  return { ...stub, app, told, router: injector.get(Router) };
}

export const logins = ({ calls }) => calls.filter(([verb]) => verb === 'authorizeRedirect').map(([, params]) => params);
export { soon, stubAuth };
