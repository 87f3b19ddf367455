// The home page: home.md with the figures of the README and the screenshots of the demo.

import { pages, places, read } from './map.js';
import { rewriteLinks } from './markdown.js';

/** A figure from the README, which a build measured. */
function figure(pattern) {
  const found = pattern.exec(read('README.md'));
  if (!found) throw new Error(`README.md says nothing that looks like ${pattern}: the home page shows the figure`);
  return found[1];
}

const figures = () => ({
  wasm: figure(/The package has (\d+) kB of WebAssembly/),
  script: figure(/kB of WebAssembly and (\d+) kB of JavaScript/),
  tests: figure(/Of ([\d,]+) tests/),
});

/** What a screenshot shows, for who does not see it. */
const told = {
  wide: 'The demo app, signed in as Alice: the name of the user, the time until the access token ends, and the claims of the id_token.',
  narrow: 'The same page of the demo app on a telephone.',
};

function screenshots(shown) {
  if (shown.length === 0) return '';
  const image = (width, scheme) => {
    const name = `demo-${width}-${scheme}.png`;
    return shown.includes(name) ? `<img class="of-${scheme}" src="/${name}" alt="${told[width]}" loading="lazy">` : '';
  };
  return `\n<figure class="shots">\n${['wide', 'narrow'].flatMap((width) => ['light', 'dark'].map((scheme) => image(width, scheme))).filter(Boolean).join('\n')}\n<figcaption>The demo: <code>cargo xtask demo</code> in the repository starts it with a provider.</figcaption>\n</figure>\n`;
}

/** Links to the pages of this list that exist. */
const linksTo = (names, all) => names.filter(([name]) => all.includes(name)).map(([name, label]) => `[${label}](${name}.md)`);

/** Pages that a later version may have more of. */
function links() {
  const all = [...pages().values()];
  const moves = all.filter((name) => name.startsWith('migrating-from-')).map((name) => [name, name.slice('migrating-from-'.length)]);
  const more = (names) => linksTo(names, all).map((link) => `, ${link}`).join('');
  return {
    migrations: linksTo(moves, all).join(', '),
    comparison: more([['comparison', 'comparison']]),
    trouble: more([['doctor', 'the doctor'], ['devtools', 'the devtools']]),
  };
}

export function homePage({ shown }) {
  const given = { ...figures(), ...links() };
  const text = rewriteLinks(read('site/home.md'), 'site/home.md', pages(), places().sources);
  return text.replace(/%(\w+)%/g, (whole, name) => (name === 'shots' ? screenshots(shown) : given[name] ?? whole));
}
