/** The first JavaScript block under the heading `## Usage`, as it stands there; undefined where there is none. */
export function usageExample(markdown) {
  const [, section] = /^## Usage[ \t]*\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(markdown) ?? [];
  return /^```(?:js|javascript)[ \t]*\n([\s\S]*?)^```/m.exec(section ?? '')?.[1];
}

/** What a reader would put in its place of the example's own values. */
export function fillIn(example, { issuer, clientId }) {
  const replacements = [['https://id.example.com', issuer], ['my-spa', clientId], ['"oidc-client-wasm"', '"/package/entry.js"']];
  return replacements.reduce((code, [from, to]) => {
    const quoted = code.includes(from) ? from : from.replaceAll('"', "'");
    if (!code.includes(quoted)) throw new Error(`the example of the README does not contain ${from}`);
    return code.replaceAll(quoted, quoted.startsWith("'") ? to.replaceAll('"', "'") : to);
  }, example);
}

/** A page with a button for every element that the example looks up by its id, as the reader's page would have them. */
export function pageFor(example) {
  const looksUp = /(?:getElementById\(\s*["'`]|querySelector\(\s*["'`]#)([\w-]+)/g;
  const ids = [...new Set([...example.matchAll(looksUp)].map(([, id]) => id))];
  const html = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Example</title><script src="/recorder.js"></script></head>
<body>
${ids.map((id) => `<p><button type="button" id="${id}">${id}</button></p>`).join('\n')}
<script type="module" src="/page.js"></script>
<script type="module" src="/example.js"></script>
</body>
</html>`;
  return { html, signIn: ids.find((id) => /^(sign|log)-?in$/i.test(id)), signOut: ids.find((id) => /^(sign|log)-?out$/i.test(id)) };
}
