// The samples of the documentation, as they stand there.

/** The text under a heading, given as it stands, down to the next heading of its level. */
function section(markdown, heading) {
  const [level] = heading.split(' ');
  const start = markdown.indexOf(`\n${heading}\n`);
  if (start < 0) return undefined;
  const text = markdown.slice(start + heading.length + 2);
  const end = text.search(new RegExp(`^${level} `, 'm'));
  return end < 0 ? text : text.slice(0, end);
}

/** The first block of that language under that heading; undefined where there is none. */
export function sample(markdown, heading, language) {
  return new RegExp(`^\`\`\`${language}[ \\t]*\\n([\\s\\S]*?)^\`\`\``, 'm').exec(section(markdown, heading) ?? '')?.[1];
}

/** What a reader would put in its place of the sample's own values. */
export function fillIn(example, { issuer, clientId }) {
  const replacements = [['https://id.example.com', issuer], ['my-spa', clientId], ['"oidc-client-wasm"', '"/package/entry.js"']];
  return replacements.reduce((code, [from, to]) => {
    if (!code.includes(from)) throw new Error(`the sample does not contain ${from}`);
    return code.replaceAll(from, to);
  }, example);
}

/** The sample's own page, with the scripts that let a test watch it. */
export function watched(html) {
  const own = '<script type="module" src="/main.js"></script>';
  if (!html.includes(own)) throw new Error(`the page does not contain ${own}`);
  return html.replace(own, `<script src="/recorder.js"></script>\n<script type="module" src="/page.js"></script>\n${own}`);
}
