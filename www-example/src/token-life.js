// The card of the access token: how long the token is valid, counted down each second, and a button for a new token. The page never
// shows the token itself.

import { showError } from './messages.js';
import { fill, h, whileBusy } from './dom.js';
import { sessionLog } from './session.js';

const words = (seconds) => {
  const minutes = Math.floor(seconds / 60);
  const rest = `${String(seconds % 60).padStart(minutes ? 2 : 1, '0')} s`;
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
  return minutes ? `${minutes} min ${rest}` : rest;
};

/** `update(token)` shows another token, `stop()` ends the ticking. */
function countdown({ whenOver }) {
  const left = h('span', { class: 'left' });
  const of = h('span', { class: 'of' });
  const bar = h('progress', { 'aria-hidden': 'true' });
  // A timer is not announced every second. A screen reader reads it on request, and announces the end.
  const life = h('p', { id: 'token-life', class: 'life', role: 'timer' }, left, of);
  const over = h('div', { role: 'status' });
  const element = h('div', { class: 'token-life' }, life, bar, over);

  let timer;
  const stop = () => clearInterval(timer);
  const update = ({ expires_at: end, expires_in: stated }) => {
    stop();
    fill(over);
    bar.hidden = end === undefined;
    if (end === undefined) {
      fill(life, 'The provider did not say how long it is valid.');
      return;
    }
    const total = Math.max(1, stated ?? end - Math.floor(Date.now() / 1000));
    fill(life, left, of);
    of.textContent = `of ${words(total).replace(' 00 s', '')}`;
    bar.max = total;
    const tick = () => {
      const seconds = Math.max(0, Math.ceil(end - Date.now() / 1000));
      left.textContent = seconds ? words(Math.min(seconds, total)) : 'Expired';
      bar.value = Math.min(seconds, total);
      element.dataset.state = seconds === 0 ? 'expired' : seconds < Math.min(60, total / 4) ? 'low' : 'good';
      if (seconds > 0) return;
      stop();
      fill(over, h('p', { class: 'hint' }, whenOver));
    };
    timer = setInterval(tick, 1000);
    tick();
  };
  return { element, update, stop };
}

export function tokenCard({ oauth, client, signIn }) {
  const canRefresh = client.token.refresh_token !== undefined;
  const life = countdown({
    whenOver: canRefresh
      ? 'You are still signed in. The next call of the API gets a new token by itself.'
      : 'You are still signed in, but the API will not accept this token any more.',
  });
  life.update(client.token);
  const heard = new AbortController();
  oauth.addEventListener('tokenupdate', ({ detail: { name, token } }) => {
    if (name === client.name) life.update(token);
  }, { signal: heard.signal });

  const refresh = async () => {
    try {
      await client.refreshToken();
    } catch (error) {
      // A refused refresh ends the session: session.js says so, and another try would not help.
      if (client.isAuthenticated) showError(error, { retry: refresh });
    }
  };
  const button = canRefresh
    ? h('button', { id: 'refresh-token', class: 'button', type: 'button' }, 'Refresh now')
    : h('button', { class: 'button', type: 'button' }, 'Get a new one');
  button.addEventListener('click', whileBusy(button, canRefresh ? refresh : () => signIn()));

  return {
    element: h('section', { class: 'card', 'aria-labelledby': 'life-title' },
      h('h2', { id: 'life-title' }, 'Access token'),
      h('p', { class: 'hint' }, 'The API accepts this token for so long'),
      life.element,
      h('p', { class: 'actions' },
        h('a', { class: 'button primary', href: '/orders', 'data-link': true }, 'See your orders'),
        button),
      sessionLog()),
    stop() {
      life.stop();
      heard.abort();
    },
  };
}
