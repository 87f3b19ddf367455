// A line at the top while the browser has no network. What is shown stays; only what needs the network has to wait.

import { byId } from './dom.js';

export function watchConnection() {
  const tell = () => {
    byId('offline').textContent = navigator.onLine ? ''
      : 'You are offline. Nothing here is lost; what needs the network works again once you are back.';
  };
  addEventListener('online', tell);
  addEventListener('offline', tell);
  tell();
}
