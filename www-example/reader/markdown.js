// Markdown to HTML, as far as the documentation of this repository uses it: headings, paragraphs, lists, tables, code, links.
// Every text is escaped first, so that a page can hold no other HTML than what is made here.

export const escape = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The id that renderers give a heading: lower case, hyphens for spaces, no punctuation. The link tests of the repository say the same. */
export const anchorOf = (heading) => heading.trim().toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');

const unsafe = /^\s*(?:javascript|data|vbscript):/i;

/** Code spans are set apart before anything else is looked for: nothing in them is markup. */
function inline(text) {
  const spans = [];
  const keep = (html) => `\u0000${spans.push(html) - 1}\u0000`;
  const linked = text
    .replace(/``(.+?)``|`([^`]+)`/g, (_, wide, narrow) => keep(`<code>${escape(wide ?? narrow)}</code>`))
    .replace(/<a id="([\w-]+)"><\/a>/g, (_, id) => keep(`<a id="${id}"></a>`));
  const html = escape(linked)
    .replace(/\[((?:[^[\]]|\[[^[\]]*\])*)\]\(([^()\s]+)\)/g, (all, label, target) => (unsafe.test(target) ? all : `<a href="${target}">${label}</a>`))
    .replace(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replace(/(^|[\s(])\*([^*\s][^*]*)\*/g, '$1<em>$2</em>')
    .replace(/(^|[\s(])(https?:\/\/[^\s<>()]+[^\s<>().,;:])/g, '$1<a href="$2">$2</a>');
  return html.replace(/\u0000(\d+)\u0000/g, (_, index) => spans[index]);
}

const heading = ([, marks, text]) => `<h${marks.length} id="${anchorOf(text)}">${inline(text)}</h${marks.length}>`;

const cellsOf = (line) => line.trim().replace(/^\||\|$/g, '').split(/(?<!\\)\|/).map((cell) => inline(cell.trim().replaceAll('\\|', '|')));

function table([head, , ...rows]) {
  const row = (line, tag) => `<tr>${cellsOf(line).map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  // Wide tables scroll by themselves, also by keyboard, and not the whole page.
  return `<div class="wide" tabindex="0" role="group" aria-label="Table"><table><thead>${row(head, 'th')}</thead><tbody>${rows.map((line) => row(line, 'td')).join('')}</tbody></table></div>`;
}

export const codeBlock = (text) => `<pre tabindex="0"><code>${escape(text)}</code></pre>`;

const item = /^(\s*)(?:[-*]|\d+\.) (.*)$/;

/** Items with what is indented below them, which may be a list again. */
function list(lines) {
  const [, indent] = item.exec(lines[0]);
  const tag = /^\s*\d/.test(lines[0]) ? 'ol' : 'ul';
  const items = [];
  for (const line of lines) {
    const found = item.exec(line);
    if (found && found[1].length <= indent.length) items.push([found[2]]);
    else items.at(-1).push(line);
  }
  const body = ([first, ...rest]) => {
    const nested = rest.findIndex((line) => item.test(line));
    const text = [first, ...(nested < 0 ? rest : rest.slice(0, nested))].map((line) => line.trim()).join(' ');
    return `<li>${inline(text)}${nested < 0 ? '' : list(rest.slice(nested))}</li>`;
  };
  return `<${tag}>${items.map(body).join('')}</${tag}>`;
}

/** `[label][name]` becomes `[label](target)` for the names that the page defines; the definitions themselves are not shown. */
function resolveReferences(markdown) {
  const targets = new Map();
  const text = markdown.replace(/^\[([\w-]+)\]: (\S+)[ \t]*$/gm, (_, name, target) => {
    targets.set(name, target);
    return '';
  });
  return text.replace(/\[([^[\]]+)\]\[([\w-]+)\]/g, (all, label, name) => (targets.has(name) ? `[${label}](${targets.get(name)})` : all));
}

/** How many lines from `start` on `belongs` to, at least one. */
function reach(lines, start, belongs) {
  let end = start + 1;
  while (end < lines.length && belongs(lines[end])) end += 1;
  return end;
}

export function render(markdown) {
  const lines = resolveReferences(markdown.replaceAll('\r\n', '\n')).split('\n');
  const html = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    const fence = /^(\s*)```/.exec(line);
    const title = /^(#{1,6}) (.*)$/.exec(line);
    let end = at + 1;
    if (fence) {
      end = reach(lines, at, (next) => !next.trim().startsWith('```'));
      html.push(codeBlock(lines.slice(at + 1, end).map((text) => text.slice(fence[1].length)).join('\n')));
      end += 1;
    } else if (title) html.push(heading(title));
    else if (line.startsWith('|') && /^\|[\s:|-]+$/.test(lines[at + 1] ?? '')) {
      end = reach(lines, at, (next) => next.startsWith('|'));
      html.push(table(lines.slice(at, end)));
    } else if (item.test(line) && !line.startsWith('    ')) {
      end = reach(lines, at, (next) => item.test(next) || /^\s+\S/.test(next));
      html.push(list(lines.slice(at, end)));
    } else if (line.startsWith('    ')) {
      end = reach(lines, at, (next) => next.startsWith('    '));
      html.push(codeBlock(lines.slice(at, end).map((text) => text.slice(4)).join('\n')));
    } else if (line.trim()) {
      end = reach(lines, at, (next) => next.trim() && !/^(?:#{1,6} |\||```|\s*(?:[-*]|\d+\.) )/.test(next));
      html.push(`<p>${inline(lines.slice(at, end).join(' '))}</p>`);
    }
    at = end;
  }
  return html.join('\n');
}
