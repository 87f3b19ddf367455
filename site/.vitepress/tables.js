// Tables that a telephone shows: a row becomes a card whose cells say their heading. A table of figures stays one, and scrolls in a region of its own.

/** The texts of the head of a table whose first token is at `start`. */
function heads(tokens, start) {
  const texts = [];
  for (let at = start; tokens[at].type !== 'thead_close'; at += 1) if (tokens[at].type === 'inline') texts.push(tokens[at].children.map(({ content }) => content).join(''));
  return texts;
}

const endOf = (tokens, start) => tokens.findIndex(({ type }, at) => at > start && type === 'table_close');
const isRight = (token) => /text-align: ?right/.test(token.attrGet('style') ?? '');

/** A markdown-it plugin. Every table says its role, because a row that is shown as a block is no row for a screen reader otherwise. */
export function cards(md) {
  md.core.ruler.push('cards', ({ tokens }) => {
    for (const [start, token] of tokens.entries()) {
      if (token.type !== 'table_open') continue;
      const cells = tokens.slice(start, endOf(tokens, start));
      const hasFigures = cells.some(isRight);
      const texts = heads(tokens, start);
      token.attrSet('class', hasFigures || texts.length < 2 ? 'figures' : 'cards');
      token.attrSet('role', 'table');
      let column = 0;
      for (const cell of cells) {
        if (cell.type === 'thead_open' || cell.type === 'tbody_open') cell.attrSet('role', 'rowgroup');
        if (cell.type === 'tr_open') [column] = [0, cell.attrSet('role', 'row')];
        if (cell.type !== 'th_open' && cell.type !== 'td_open') continue;
        const [text, end] = tokens.slice(tokens.indexOf(cell) + 1);
        // A head that says nothing is no head.
        if (cell.type === 'th_open' && text.content === '') [cell.tag, end.tag] = ['td', 'td'];
        if (isRight(cell)) cell.attrJoin('class', 'right');
        // The policy of the page allows no attribute `style`.
        cell.attrs = cell.attrs?.filter(([name]) => name !== 'style') ?? null;
        if (/^\d{4}-\d\d-\d\d$/.test(text.content)) cell.attrJoin('class', 'date');
        if (text.content === '–') cell.attrJoin('class', 'nothing');
        cell.attrSet('role', cell.tag === 'th' ? 'columnheader' : 'cell');
        if (cell.type === 'td_open') cell.attrSet('data-head', texts[column] ?? '');
        column += 1;
      }
    }
  });
  md.renderer.rules.table_open = (tokens, at, options, env, self) => {
    const isFigures = tokens[at].attrGet('class') === 'figures';
    const number = tokens.slice(0, at + 1).filter(({ type }) => type === 'table_open').length;
    return `${isFigures ? `<div class="scrolls" role="region" tabindex="0" aria-label="Table ${number}">` : '<div>'}${self.renderToken(tokens, at, options)}`;
  };
  // A block by indentation has no language, and VitePress gives it no box that scrolls.
  md.renderer.rules.code_block = (tokens, at) => `<pre class="plain" tabindex="0"><code>${md.utils.escapeHtml(tokens[at].content)}</code></pre>\n`;
  md.renderer.rules.table_close = (tokens, at, options, env, self) => `${self.renderToken(tokens, at, options)}</div>`;
}
