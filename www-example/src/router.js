// A few views and pushState: as much of a router as it takes to come back from a login to the view where it began.

import { behind } from './behind.js';

const routes = new Map();
let others;
let shown;

/** `route('/orders', { title, render, docs, code, example })`; `docs` and `code` are the files that the view links to, `example` says which code of the examples it shows. */
export const route = (path, view) => routes.set(path, view);

/** The view of every path without one of its own. */
export const routeOthers = (view) => { others = view; };

export const here = () => location.pathname + location.search + location.hash;

/** Shows the view of the current URL. `focus` moves the reader there, as a page load would. */
export function show({ focus = false } = {}) {
  const view = routes.get(location.pathname) ?? others;
  shown?.leave?.();
  shown = view;
  document.title = `${view.title} · oidc-client-wasm demo`;
  for (const link of document.querySelectorAll('nav a[data-link]')) {
    if (link.pathname === location.pathname) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const container = document.getElementById('view');
  container.replaceChildren(...[view.render()].flat(), behind(view));
  if (!focus) return;
  scrollTo(0, 0);
  container.querySelector('h1')?.focus({ preventScroll: true });
}

/** Only paths of this application: what `appState` brings back is data, and data does not choose another site. */
export function goTo(path, { replace = false, focus = true } = {}) {
  const url = new URL(path, location.origin);
  if (url.origin !== location.origin) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', url);
  show({ focus });
}

export function startRouter(onNavigate) {
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[data-link]');
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onNavigate();
    goTo(link.pathname);
  });
  addEventListener('popstate', () => {
    onNavigate();
    show();
  });
}
