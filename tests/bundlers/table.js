// The tables in docs/bundlers.md: a row for each tool, made of what was seen.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const page = fileURLToPath(new URL('../../docs/bundlers.md', import.meta.url));
const end = '<!-- end -->';
export const entries = {
  start: '<!-- seen by cargo xtask bundlers -->\n',
  head: ['tool', 'version', 'default entry: dev', 'build', 'with the setting: dev', 'build', '`/inline`: dev', 'build', 'what to set', 'seen'],
};
export const workers = {
  start: '<!-- a worker, seen by cargo xtask bundlers -->\n',
  head: ['tool', 'version', 'dev', 'build', 'what to set', 'seen'],
};
const line = (cells) => `| ${cells.join(' | ')} |`;
const cells = (row) => row.slice(2, -2).split(' | ');

/** The rows of the page by their title. */
function rows(text, start) {
  const from = text.indexOf(start) + start.length;
  const table = text.slice(from, text.indexOf(end, from));
  return new Map(table.split('\n').filter((row) => row.startsWith('| ')).slice(1).map((row) => [cells(row)[0], row]));
}

/** What the page says otherwise than what was seen: a line for each. The day does not count. */
export function compare(seen, { start }) {
  const known = rows(readFileSync(page, 'utf8'), start);
  const told = (row) => row && cells(row).slice(0, -1).join(' | ');
  return seen.map(line).flatMap((row) => {
    const before = known.get(cells(row)[0]);
    return told(before) === told(row) ? [] : [`  seen:     ${told(row)}\n  the page: ${told(before) ?? 'has no such row'}`];
  });
}

/** Puts what was seen into the page; rows that were not looked at stay. `titles` is the order. */
export function update(seen, titles, { start, head }) {
  const text = readFileSync(page, 'utf8');
  const from = text.indexOf(start) + start.length;
  const all = new Map([...rows(text, start), ...seen.map((row) => [row[0], line(row)])]);
  const table = [line(head), `|${head.map(() => '---').join('|')}|`, ...titles.filter((title) => all.has(title)).map((title) => all.get(title))];
  writeFileSync(page, `${text.slice(0, from)}\n${table.join('\n')}\n\n${text.slice(text.indexOf(end, from))}`);
}
