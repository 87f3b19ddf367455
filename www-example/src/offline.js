// A line at the top while the browser has no network. The page stays as it is.

import { byId } from './dom.js';

export function watchConnection() {
  const tell = () => {
    byId('offline').textContent = navigator.onLine ? ''
      : 'You are offline. You lose nothing: signing in and loading orders work again when you are online.';
  };
  addEventListener('online', tell);
  addEventListener('offline', tell);
  tell();
}
