// oidc-provider, imported with one warning held back: it asks for Node 22, and says so on every import under Node 20.
// The flows used here were run under Node 20.20 (they are the browser tests of this repository). All other warnings pass.

const { warn } = console;
console.warn = (...words) => {
  if (!String(words[0]).includes('oidc-provider WARNING: Unsupported runtime')) warn.apply(console, words);
};
const module = await import('oidc-provider');
console.warn = warn;

export const { Provider, errors } = module;
