// The test double in an app with React.

import { createElement as h, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { AuthProvider, RequireAuth, useAccessToken, useAuth } from 'oidc-client-wasm/react';
import { story, words } from '../testing/story.js';

const Other = () => h('p', null, ' ', words(useAuth('gitlab')));

function Home({ names }) {
  const auth = useAuth();
  const getToken = useAccessToken();
  const [token, setToken] = useState();
  return [
    h('p', { key: 1 }, words(auth)),
    h('button', { key: 2, id: 'in', onClick: auth.signIn }),
    h('button', { key: 3, id: 'out', onClick: auth.signOut }),
    h('button', { key: 4, id: 'token', onClick: async () => setToken(await getToken()) }),
    h('i', { key: 5, id: 'answer', 'data-token': token }),
    names.includes('gitlab') && h(Other, { key: 6 }),
  ];
}

const Name = () => `inside: ${useAuth().claims.name}`;

story('react', (auth, navigate) => {
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  const isGuarded = location.pathname === '/protected';
  root.render(h(AuthProvider, { auth, navigate }, isGuarded ? h(RequireAuth, { fallback: words }, h(Name)) : h(Home, { names: auth.names })));
  return () => root.unmount();
});
