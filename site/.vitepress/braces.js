// Two braces in a page are text of that page, and never an expression of Vue: VitePress says so of blocks of code alone.

/** A markdown-it plugin. */
export function braces(md) {
  const { code_inline: code, text } = md.renderer.rules;
  md.renderer.rules.code_inline = (...args) => code(...args).replace('<code', '<code v-pre');
  md.renderer.rules.text = (...args) => text(...args).replaceAll('{{', '<span v-pre>{{</span>');
}
