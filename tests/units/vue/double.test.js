// The test double in an app with Vue and its router.

import { createApp, h, ref } from 'vue';
import { createRouter, createWebHistory, RouterView } from 'vue-router';
import { authPlugin, guardRouter, useAccessToken, useAuth } from 'oidc-client-wasm/vue';
import { story, words } from '../testing/story.js';

const saying = ({ status, claims, error }) => () => words({ status: status.value, claims: claims.value, error: error.value });

const Other = {
  setup() {
    const say = saying(useAuth('gitlab'));
    return () => h('p', ` ${say()}`);
  },
};

const Home = {
  props: ['names'],
  setup({ names }) {
    const auth = useAuth();
    const say = saying(auth);
    const getToken = useAccessToken();
    const token = ref();
    const ask = async () => { token.value = await getToken(); };
    return () => [
      h('p', say()), h('button', { id: 'in', onClick: auth.signIn }), h('button', { id: 'out', onClick: auth.signOut }), h('button', { id: 'token', onClick: ask }),
      h('i', { id: 'answer', 'data-token': token.value }), names.includes('gitlab') && h(Other),
    ];
  },
};

const Protected = {
  setup() {
    const { claims } = useAuth();
    return () => h('p', `inside: ${claims.value?.name}`);
  },
};

/** The route, or what a person sees whom the guard has not let in. */
const App = {
  setup() {
    const auth = useAuth();
    const say = saying(auth);
    return () => h(RouterView, null, {
      default: ({ Component, route }) => (!Component || (route.meta.requiresAuth && auth.status.value !== 'signed-in') ? h('p', say()) : h(Component)),
    });
  },
};

story('vue', async (auth, navigate) => {
  const routes = [{ path: '/', component: Home, props: { names: auth.names } }, { path: '/protected', component: Protected, meta: { requiresAuth: true } }];
  const router = createRouter({ history: createWebHistory(), routes });
  guardRouter(router, auth, { fallback: true });
  const app = createApp(App).use(authPlugin(auth, { navigate })).use(router);
  app.mount(document.body.appendChild(document.createElement('div')));
  // A guarded route may wait for the test.
  if (location.pathname === '/') await router.isReady();
  return () => {
    app.unmount();
    router.options.history.destroy();
  };
});
