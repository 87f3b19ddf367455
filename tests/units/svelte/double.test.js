// The test double in an app with Svelte.

import { flushSync, mount, unmount } from 'svelte';
import { provideAuth } from 'oidc-client-wasm/svelte';
import { story } from '../testing/story.js';
import Home from './Home.svelte';
import Tree from './Tree.svelte';
import Wall from './Wall.svelte';

story('svelte', (auth, navigate) => {
  const Inside = location.pathname === '/protected' ? Wall : Home;
  const target = document.body.appendChild(document.createElement('div'));
  const component = mount(Tree, { target, props: { Inside, names: auth.names, provide: () => provideAuth(auth, { navigate }) } });
  flushSync();
  return () => unmount(component);
});
