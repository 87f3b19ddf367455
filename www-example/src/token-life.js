// How long the access token still works: a sentence and a bar, once a second. The token itself is never shown.

import { fill, h } from './dom.js';

const words = (seconds) => {
  const minutes = Math.floor(seconds / 60);
  const rest = `${String(seconds % 60).padStart(minutes ? 2 : 1, '0')} s`;
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
  return minutes ? `${minutes} min ${rest}` : rest;
};

/** `element` is the card's content, `stop()` ends the ticking. `renew` starts a new login, which usually asks nothing. */
export function tokenLife(token, claims, { renew }) {
  if (token.expires_at === undefined) {
    return { element: h('p', { id: 'token-life' }, 'The provider did not say how long it is valid.'), stop() {} };
  }
  const total = Math.max(1, token.expires_at - claims.iat);
  const left = h('span', { class: 'left' });
  const bar = h('progress', { max: String(total), 'aria-hidden': 'true' });
  // Not announced every second: a screen reader reads it when asked, and hears the end of it.
  const life = h('p', { id: 'token-life', class: 'life', role: 'timer' }, left, h('span', { class: 'of' }, `of ${words(total).replace(' 00 s', '')}`));
  const ended = h('div', { role: 'status' });
  const element = h('div', { class: 'token-life' }, life, bar, ended);

  let timer;
  const tick = () => {
    const seconds = Math.max(0, Math.ceil(token.expires_at - Date.now() / 1000));
    left.textContent = seconds ? words(seconds) : 'Expired';
    bar.value = Math.min(seconds, total);
    element.dataset.state = seconds === 0 ? 'expired' : seconds < Math.min(60, total / 5) ? 'low' : 'good';
    if (seconds > 0) return;
    clearInterval(timer);
    fill(ended,
      h('p', {}, 'You are still signed in, but the API will not accept this token any more.'),
      h('button', { class: 'button', type: 'button', onclick: renew }, 'Get a new one'));
  };
  timer = setInterval(tick, 1000);
  tick();
  return { element, stop: () => clearInterval(timer) };
}
