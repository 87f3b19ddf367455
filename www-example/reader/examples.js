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
};

const read = (folder) => (name) => ({ name, text: readFileSync(new URL(`../${folder}/${name}`, import.meta.url), 'utf8') });

/** What `/examples.json` has: `[{ folder, title, home: [{ name, text }], orders: […] }]`. */
export const asJson = () => JSON.stringify(Object.entries(examples).map(([folder, { title, home, orders }]) => (
  { folder, title, home: home.map(read(folder)), orders: orders.map(read(folder)) }
)));
