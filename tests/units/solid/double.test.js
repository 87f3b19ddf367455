// The test double in an app with Solid, without its compiler.

import { createComponent } from 'solid-js';
import { insert, render } from 'solid-js/web';
import { AuthProvider, RequireAuth, useAccessToken, useAuth } from 'oidc-client-wasm/solid';
import { story, words } from '../testing/story.js';

const element = (name, members) => Object.assign(document.createElement(name), members);
const saying = (auth) => () => words({ status: auth.status(), claims: auth.claims(), error: auth.error() });

function said(auth, before = '') {
  const paragraph = element('p');
  const say = saying(auth);
  insert(paragraph, () => before + say());
  return paragraph;
}

function Home({ names }) {
  const auth = useAuth();
  const getToken = useAccessToken();
  const answer = element('i', { id: 'answer' });
  const ask = async () => { answer.dataset.token = await getToken(); };
  return [
    said(auth), element('button', { id: 'in', onclick: auth.signIn }), element('button', { id: 'out', onclick: auth.signOut }), element('button', { id: 'token', onclick: ask }), answer,
    names.includes('gitlab') && said(useAuth('gitlab'), ' '),
  ];
}

function Name() {
  const { claims } = useAuth();
  return () => `inside: ${claims()?.name}`;
}

const Guarded = () => createComponent(RequireAuth, { fallback: (state) => () => words(state), get children() { return createComponent(Name, {}); } });

story('solid', (auth, navigate) => {
  const place = document.body.appendChild(document.createElement('div'));
  const isGuarded = location.pathname === '/protected';
  const Inside = () => (isGuarded ? Guarded() : Home(auth));
  return render(() => createComponent(AuthProvider, { auth, navigate, get children() { return createComponent(Inside, {}); } }), place);
});
