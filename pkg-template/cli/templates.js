// What `init` writes for each framework, and what it says to do next. The templates are blocks of the frameworks' pages, as docs/react.md, to the letter; the values
// of the app take the place of those of the page.

const ISSUER = "https://id.example.com";
const CLIENT_ID = "my-spa";
const API = "https://api.example.com/";

/** The folder of the sources, with a slash at its end. */
const source = ({ has }) => (has("src") ? "src/" : "");
/** The folder of the routes of Next.js, which does not look into `src` where one of these is beside it. */
const nextApp = ({ has }) => (has("app") || has("pages") ? "app/" : "src/app/");

const inSource = (names) => (app) => Object.fromEntries(names.map((name) => [name, source(app) + name]));

function filesOfSvelte(app) {
  if (!app.packages.includes("@sveltejs/kit")) return inSource(["auth.ts", "SignIn.svelte"])(app);
  return {
    "auth.ts": "src/lib/auth.ts",
    "SignIn.svelte": "src/lib/SignIn.svelte",
    "callback.svelte": "src/routes/callback/+page.svelte",
    "guarded.svelte": "src/routes/(guarded)/+layout.svelte",
    "protected.svelte": "src/routes/(guarded)/protected/+page.svelte",
  };
}

function filesOfNext(app) {
  const at = nextApp(app);
  return {
    "auth.ts": at.replace(/app\/$/, "auth.ts"),
    "providers.tsx": `${at}providers.tsx`,
    "signed-out.tsx": `${at}signed-out.tsx`,
    "callback.tsx": `${at}callback/page.tsx`,
    "guarded.tsx": `${at}protected/layout.tsx`,
    "orders.tsx": `${at}protected/orders.tsx`,
    "protected.tsx": `${at}protected/page.tsx`,
  };
}

/** An app of Angular has TypeScript, and its components in `src/app`. */
const filesOfAngular = () => Object.fromEntries(["auth.ts", "home.ts", "protected.ts"].map((name) => [name, `src/app/${name}`]));

/** The frameworks with files: by the app, the path of each template in it, and what to do next. `hasTypes`: where every app has TypeScript. */
export const FRAMEWORKS = {
  __proto__: null,
  react: { files: inSource(["auth.ts", "SignedOut.tsx", "Protected.tsx"]), next: nextOfReact },
  vue: { files: inSource(["auth.ts", "SignIn.vue", "Protected.vue"]), next: nextOfVue },
  svelte: { files: filesOfSvelte, next: nextOfSvelte },
  solid: { files: inSource(["auth.ts", "SignedOut.tsx", "Protected.tsx"]), next: nextOfSolid },
  angular: { files: filesOfAngular, next: nextOfAngular, hasTypes: true },
  next: { files: filesOfNext, next: nextOfNext },
  plain: { files: inSource(["auth.js"]), next: nextOfPlain },
};

/** Frameworks that a package.json may have and `init` has no files for, with what to do in their place. */
export const WITHOUT_FILES = {
  __proto__: null,
  nuxt: "In Nuxt, write the files of docs/vue.md by hand, in a plugin for the client; the section On a server of docs/frameworks.md says what a server needs.",
};

/** The name of a file in an app without TypeScript. */
export const inJavaScript = (name) => name.replace(/\.ts(x?)$/, ".js$1");

/** The text without its types. The templates have few of them, and a test compares every line that goes. */
export function withoutTypes(text) {
  return text
    .replace(/^import type .*\n/gm, "")
    .replace(/\n\/\*\*[^\n]*\*\/\ndeclare module "[^"]+" \{\n[\s\S]*?\n\}\n/g, "")
    .replace(/\(props: FallbackProps\)/g, "(props)")
    .replace(/\}: (?:Pick<[^>]*>|\{ children: ReactNode \})\)/g, "})")
    .replace(/<script( setup)? lang="ts">/g, "<script$1>")
    .trimStart();
}

/** The API of an issuer, where it is that of dev-provider. */
const apiOf = (issuer) => (/^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/.test(issuer) ? `${issuer.replace(/\/$/, "")}/api/` : API);

export function withValues(text, { issuer, clientId }) {
  const values = new Map([[ISSUER, issuer], [CLIENT_ID, clientId], [API, apiOf(issuer)]]);
  return text.replace(/"([^"\n]*)"/g, (quoted, inside) => (values.has(inside) ? JSON.stringify(values.get(inside)) : quoted));
}

const main = ({ hasTypes, extension = "" }) => `main.${hasTypes ? "ts" : "js"}${extension}`;

function nextOfReact(app) {
  const router = app.packages.includes("react-router") || app.packages.includes("react-router-dom");
  return `In ${main({ ...app, extension: "x" })}, put the app into a provider:

  import { AuthProvider } from "oidc-client-wasm/react";
  import { auth } from "./auth";

  <AuthProvider auth={auth}>
    <App />
  </AuthProvider>

Where a person has to be signed in, for example in App.${app.hasTypes ? "tsx" : "jsx"}, put a guard. The page then leaves for the provider at once, when nobody is signed in:

  import { RequireAuth } from "oidc-client-wasm/react";
  import { Protected } from "./Protected";
  import { SignedOut } from "./SignedOut";

  <RequireAuth fallback={SignedOut}>
    <Protected />
  </RequireAuth>
${router ? "\ndocs/react.md shows the guard as a route of React Router, and the page of /callback.\n" : ""}`;
}

function nextOfSolid(app) {
  return `In ${app.has("src/index.tsx") || app.has("src/index.jsx") ? `index.${app.hasTypes ? "tsx" : "jsx"}` : main({ ...app, extension: "x" })}, put the app into a provider:

  import { AuthProvider } from "oidc-client-wasm/solid";
  import { auth } from "./auth";

  <AuthProvider auth={auth}>
    <App />
  </AuthProvider>

Where a person has to be signed in, for example in App.${app.hasTypes ? "tsx" : "jsx"}, put a guard. The page then leaves for the provider at once, when nobody is signed in:

  import { RequireAuth } from "oidc-client-wasm/solid";
  import { Protected } from "./Protected";
  import { SignedOut } from "./SignedOut";

  <RequireAuth fallback={SignedOut}>
    <Protected />
  </RequireAuth>
`;
}

function nextOfVue(app) {
  const router = app.packages.includes("vue-router");
  const guard = `In the file of the router, guard the routes that need a person:

  import { guardRouter } from "oidc-client-wasm/vue";
  import { auth } from "./auth";

  { path: "/protected", component: () => import("./Protected.vue"), meta: { requiresAuth: true } }
  guardRouter(router, auth);
`;
  const view = `In App.vue, show what a signed-in person may see:

  <script setup${app.hasTypes ? ' lang="ts"' : ""}>
  import { useAuth } from "oidc-client-wasm/vue";
  import Protected from "./Protected.vue";
  import SignIn from "./SignIn.vue";

  const { status } = useAuth();
  </script>

  <template>
    <Protected v-if="status === 'signed-in'" />
    <SignIn v-else />
  </template>
`;
  return `In ${main(app)}, install the plugin:

  import { authPlugin } from "oidc-client-wasm/vue";
  import { auth } from "./auth";

  createApp(App).use(authPlugin(auth)).mount("#app");

${router ? guard : view}`;
}

const lang = (app) => (app.hasTypes ? ' lang="ts"' : "");

function nextOfSvelte(app) {
  if (!app.packages.includes("@sveltejs/kit")) {
    return `In the root component, provide the clients, and show the button:

  <script${lang(app)}>
    import { provideAuth } from "oidc-client-wasm/svelte";
    import { auth } from "./auth";
    import SignIn from "./SignIn.svelte";

    provideAuth(auth);
  </script>

  <SignIn />
`;
  }
  return `In src/routes/+layout.svelte, provide the clients to every page:

  <script${lang(app)}>
    import { goto } from "$app/navigation";
    import { provideAuth } from "oidc-client-wasm/svelte";
    import { auth } from "$lib/auth";

    const { children } = $props();

    provideAuth(auth, { navigate: (place) => goto(place, { replaceState: true }) });
  </script>

  {@render children()}

On any page, as src/routes/+page.svelte, show the button, and lead to what only a signed-in person sees:

  <script${lang(app)}>
    import SignIn from "$lib/SignIn.svelte";
  </script>

  <SignIn />
  <a href="/protected">Protected</a>
`;
}

function nextOfAngular() {
  return `In src/app/app.config.ts, add to what is there:

  import { provideHttpClient, withInterceptors } from "@angular/common/http";
  import { authInterceptor, provideAuth } from "oidc-client-wasm/angular";
  import { auth } from "./auth";

  provideAuth(auth),
  provideHttpClient(withInterceptors([authInterceptor])),

In src/app/app.routes.ts, lead to the pages. The guard leaves for the provider at once, when nobody is signed in:

  import { requireAuth } from "oidc-client-wasm/angular";
  import { Home } from "./home";

  { path: "", pathMatch: "full", component: Home },
  { path: "protected", loadComponent: () => import("./protected"), canActivate: [requireAuth] },

Put this in the place of all of src/app/app.html:

  <router-outlet />

The title is gone with that. ng test fails until you delete its test from src/app/app.spec.ts.

In angular.json, add this entry to architect.build.options.assets, beside that of public:

  { "glob": "**/*_bg.wasm", "input": "node_modules/oidc-client-wasm", "output": "/" }

and this to architect.serve, beside builder:

  "options": { "prebundle": { "exclude": ["oidc-client-wasm"] } }
`;
}

function nextOfNext(app) {
  return `In ${nextApp(app)}layout.${app.hasTypes ? "tsx" : "jsx"}, put the pages into the provider:

  import { Providers } from "./providers";

  <body>
    <Providers>{children}</Providers>
  </body>

The page /protected is behind a guard. Lead to it from any page:

  <Link href="/protected">Protected</Link>
`;
}

function nextOfPlain() {
  return `In the page:

  <p id="status"></p>
  <button id="sign-in">Sign in</button>
  <button id="sign-out">Sign out</button>

In its script:

  import { placeHere, returnTo } from "oidc-client-wasm/store";
  import { auth } from "./auth.js";

  const client = auth.client("demo");
  const go = (result) => returnTo(result);
  auth.answered.then(go, go); // back to where the login began
  document.querySelector("#sign-in").addEventListener("click", () => client.authorizeRedirect({ appState: placeHere() }));
  document.querySelector("#sign-out").addEventListener("click", () => client.logoutRedirect());
`;
}
