// The answer of the userinfo endpoint, asked for by a button: what the provider says now, not at the time of the sign-in.

import { claimsTable } from './claims.js';
import { fill, h, whileBusy } from './dom.js';
import { showError } from './messages.js';

export function userinfoCard({ client, signIn }) {
  const answer = h('div', { id: 'userinfo', 'aria-live': 'polite' });
  const ask = async () => {
    try {
      const { sub, ...claims } = await client.userinfo();
      fill(answer, claimsTable({ ...claims, sub }, { id: 'userinfo-claims', caption: 'Answer of the userinfo endpoint' }));
    } catch (error) {
      if (!client.isAuthenticated) return; // session.js has said so
      showError(error, { retry: error.code === 'userinfo_refused' ? () => signIn() : ask });
    }
  };
  const button = h('button', { id: 'ask-userinfo', class: 'button', type: 'button' }, 'Ask the provider now');
  button.addEventListener('click', whileBusy(button, ask));
  return h('section', { class: 'card', 'aria-labelledby': 'userinfo-title' },
    h('h2', { id: 'userinfo-title' }, 'Has anything changed since?'),
    h('p', { class: 'hint' }, 'The id_token is as old as your sign-in. The userinfo endpoint gives the present values. The page accepts them only for the person who signed in.'),
    h('p', { class: 'actions' }, button),
    answer);
}
