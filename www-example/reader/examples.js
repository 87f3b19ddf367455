// The code of the examples, as the demo shows it beside what it does: for each framework the files of a view.

import { readFileSync } from 'node:fs';

/** `home`: the clients, and a person who signs in and out. `orders`: a guarded view that calls an API. */
const examples = {
  react: {
    title: 'React',
    home: ['src/auth.ts', 'src/main.tsx', 'src/Home.tsx', 'src/SignedOut.tsx'],
    orders: ['src/router.tsx', 'src/Protected.tsx'],
  },
  vue: {
    title: 'Vue',
    home: ['src/auth.ts', 'src/main.ts', 'src/Home.vue'],
    orders: ['src/router.ts', 'src/Protected.vue'],
  },
  angular: {
    title: 'Angular',
    home: ['src/app/auth.ts', 'src/app/app.config.ts', 'src/app/home.ts', 'src/app/signed-out.ts'],
    orders: ['src/app/app.routes.ts', 'src/app/protected.ts'],
  },
  svelte: {
    title: 'Svelte',
    home: ['src/lib/auth.ts', 'src/routes/+layout.svelte', 'src/routes/+page.svelte', 'src/lib/SignedOut.svelte'],
    orders: ['src/routes/(guarded)/+layout.svelte', 'src/routes/(guarded)/protected/+page.svelte'],
  },
  solid: {
    title: 'Solid',
    home: ['src/auth.ts', 'src/main.tsx', 'src/Home.tsx', 'src/SignedOut.tsx'],
    orders: ['src/main.tsx', 'src/Protected.tsx'],
  },
  next: {
    title: 'Next.js',
    home: ['src/auth.ts', 'src/app/providers.tsx', 'src/app/page.tsx', 'src/app/person.tsx', 'src/app/signed-out.tsx'],
    orders: ['src/app/protected/layout.tsx', 'src/app/protected/orders.tsx'],
  },
  plain: {
    title: 'No framework',
    home: ['src/index.html', 'src/main.js'],
    orders: ['src/main.js'],
  },
};

const read = (folder) => (name) => ({ name, text: readFileSync(new URL(`../${folder}/${name}`, import.meta.url), 'utf8') });

/** What `/examples.json` has: `[{ folder, title, home: [{ name, text }], orders: […] }]`. */
export const asJson = () => JSON.stringify(Object.entries(examples).map(([folder, { title, home, orders }]) => (
  { folder, title, home: home.map(read(folder)), orders: orders.map(read(folder)) }
)));
