// The page of the error codes: docs/errors.md with a section for each row of its tables, and in it what the error itself says, the
// specification, and the test that provokes it.

import { cells, escape } from './markdown.js';
import { read } from './map.js';

/** The specification and the test of each code. tests/docs.rs holds it. */
export const facts = () => JSON.parse(read('site/errors.json'));

/** The remedy that an error of each code has, from the double of the package, which tests/codes.rs compares with the package. */
function remedies() {
  const table = /const CODES = \{([\s\S]*?)\n\};/.exec(read('pkg-template/testing/errors.js'))[1];
  const [, again] = /const START_AGAIN = "(.*)";/.exec(read('pkg-template/testing/errors.js'));
  const rows = table.matchAll(/^ {2}(\w+): \["\w+", "(?:[^"\\]|\\.)*", (?:"((?:[^"\\]|\\.)*)"|START_AGAIN)\],$/gm);
  return new Map([...rows].map(([, code, remedy]) => [code, remedy === undefined ? again : remedy.replaceAll('\\"', '"')]));
}

/** The page with sections in the place of the rows that have an anchor. */
export function errorsPage(text) {
  const known = facts();
  const told = remedies();
  const lines = text.split('\n');
  const out = [];
  let head = [];
  for (const [at, line] of lines.entries()) {
    const isHead = lines[at + 1]?.startsWith('|---') && lines[at + 2]?.includes('<a id="');
    if (isHead) head = cells(line);
    if (isHead || (line.startsWith('|---') && lines[at + 1]?.includes('<a id="'))) continue;
    const [, code] = /^\| <a id="(\w+)"><\/a>/.exec(line) ?? [];
    if (!code) {
      out.push(line);
      continue;
    }
    const [, ...row] = cells(line);
    const fact = known[code];
    if (!fact) throw new Error(`site/errors.json has nothing about ${code}`);
    out.push('', `### ${code}`, '');
    for (const [column, cell] of row.entries()) if (cell) out.push(`**${capital(head[column + 1])}.** ${cell}`, '');
    if (!head.includes('remedy') && told.get(code)) out.push(`**Remedy.** ${escape(told.get(code))}`, '');
    out.push(`**Specification.** ${fact.specification ?? 'None: it is a rule of this package.'}`, '', `**Test.** \`${fact.test}\``, '');
  }
  return out.join('\n').replace(/\n{3,}/g, '\n\n');
}

const capital = (word) => word[0].toUpperCase() + word.slice(1);
