// The pages about moving from another package, held against the declarations of that package in the exact version of package.json here: every
// public member and export of it has its row, no row names a thing that it does not have, what the rows name on our side exists, and the small apps
// before and after compile.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { pages } from './migration.tables.js';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const { resolve } = createRequire(import.meta.url); // the compilers and our own package are those of the folder above
const ts = createRequire(import.meta.url)('typescript-oldest'); // the newest has no interface for programs
const read = (page) => readFileSync(join(root, 'docs', page), 'utf8');
const versions = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).devDependencies;
const failures = [];

// ---------------------------------------------------------------- the declarations

const packages = [...new Set(Object.values(pages).flatMap(({ of }) => of))];
const folder = join(here, 'migration.tmp');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const probe = join(folder, 'probe.ts');
writeFileSync(probe, packages.map((name, index) => `import * as M${index} from '${name}';\n`).join(''));
const program = ts.createProgram([probe], {
  moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'], types: [], jsx: ts.JsxEmit.ReactJSX, skipLibCheck: true, noEmit: true,
});
const checker = program.getTypeChecker();
const modules = new Map(program.getSourceFile(probe).statements.map(({ moduleSpecifier }) => [moduleSpecifier.text, checker.getSymbolAtLocation(moduleSpecifier)]));

/** The exports of a package, each as what it is an alias of. */
function exportsOf(name) {
  const module = modules.get(name);
  if (!module) throw new Error(`${name} has no declarations here: run \`npm ci\` in tests/types/others.`);
  return new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol]));
}

/** The names that exist at run time. */
const valuesOf = (name) => [...exportsOf(name)].filter(([, symbol]) => symbol.flags & ts.SymbolFlags.Value).map(([exported]) => exported);

const typeOf = (symbol) => checker.getTypeOfSymbolAtLocation(symbol, program.getSourceFile(probe));

function isPublic(symbol) {
  const flags = symbol.declarations?.[0] ? ts.getCombinedModifierFlags(symbol.declarations[0]) : 0;
  return !(flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) && !symbol.name.startsWith('_');
}

/** The public members of `Type`, of the value `typeof NAME`, or of the member `Type.member`. */
function membersOf(name, what) {
  const [first, ...path] = what.replace('typeof ', '').split('.');
  const symbol = exportsOf(name).get(first);
  if (!symbol) throw new Error(`${name} exports no ${first}.`);
  let type = what.startsWith('typeof ') ? typeOf(symbol) : checker.getDeclaredTypeOfSymbol(symbol);
  for (const member of path) type = checker.getNonNullableType(typeOf(type.getProperty(member)));
  const each = type.isUnion() ? type.types : [type];
  const members = each.flatMap((one) => checker.getPropertiesOfType(one)).filter(isPublic).map((member) => member.name);
  if (members.length === 0) throw new Error(`${name}: ${what} has no members.`);
  return [...new Set(members)];
}

// ---------------------------------------------------------------- the tables of a page

/** The rows of the tables of each section, by its heading, each as the code spans of the first cell and of the rest. */
function sections(text) {
  const spans = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
  return new Map(text.replace(/^```[\s\S]*?^```/gm, '').split(/^#+ /m).map((section) => {
    const lines = section.split('\n').filter((line) => line.startsWith('| '));
    const rows = lines.map((line) => line.replace(/\\\|/g, '¦').slice(2).split(' | ')).map(([old, ...rest]) => ({ old: spans(old), now: spans(rest.join(' ')) }));
    return [section.split('\n', 1)[0], rows];
  }));
}

/** What a code span of the first cell names: `signIn({ state })`, `new Client(…)`, `<Provider>`, `name: "value"`. */
const named = (code) => /^(?:new |<)?([A-Za-z]\w*)/.exec(code)?.[1];

const same = (what, missing) => {
  if (missing.length > 0) failures.push(`${what}: ${missing.join(', ')}`);
};

/** The words of our declarations: what a row names on our side is one of them. */
const template = join(root, 'pkg-template');
const ours = new Set(readdirSync(template, { recursive: true }).filter((name) => String(name).endsWith('.d.ts'))
  .flatMap((name) => readFileSync(join(template, String(name)), 'utf8').match(/[A-Za-z]\w*/g)));

for (const [page, { of, tables, exports: sectionsOfExports = [], words: others = [] }] of Object.entries(pages)) {
  const text = read(page);
  const all = sections(text);
  const rows = [...Object.keys(tables), ...sectionsOfExports].flatMap((section) => all.get(section) ?? []);
  const known = new Set(of.flatMap(valuesOf));
  for (const [section, types] of Object.entries(tables)) {
    const names = types.flatMap(([name, ...whats]) => whats.flatMap((what) => membersOf(name, what)));
    names.forEach((name) => known.add(name));
    const given = new Set((all.get(section) ?? []).flatMap((row) => row.old).map(named));
    same(`docs/${page}, section “${section}”: these have no row`, names.filter((name) => !given.has(name)));
  }
  const old = new Set(rows.flatMap((row) => row.old).map(named));
  for (const name of of) {
    same(`docs/${page}: these exports of ${name} have no row`, valuesOf(name).filter((value) => value !== 'default' && !old.has(value)));
    if (!text.includes(`${name} ${versions[name]}`)) failures.push(`docs/${page} does not say that it is about ${name} ${versions[name]}`);
  }
  same(`docs/${page}: the old packages have none of these`, [...old].filter((name) => name && !known.has(name)));
  const words = rows.flatMap((row) => row.now).flatMap((code) => code.replace(/"[^"]*"/g, '').match(/[A-Za-z]\w*/g) ?? []);
  same(`docs/${page}: this package has none of these`, [...new Set(words)].filter((word) => !ours.has(word) && !known.has(word) && !others.includes(word)));
  console.log(`docs/${page}: ${known.size} names of ${of.join(' and ')}`);
}

// ---------------------------------------------------------------- the apps before and after

/** Blocks whose first line is `// before: src/x.ts` or `// after: src/x.ts`, by the app that they are of. */
const apps = Object.keys(pages).flatMap((page) => ['before', 'after'].map((side) => {
  const found = [...read(page).matchAll(/^```(tsx?)\n([\s\S]*?)^```/gm)].map(([, , code]) => /^\/\/ (before|after): (src\/\S+)\n([\s\S]*)$/.exec(code) ?? [code]);
  const unnamed = found.filter((parts) => parts.length === 1);
  if (unnamed.length > 0) failures.push(`docs/${page}: a block does not name its file: ${unnamed[0][0].split('\n', 1)[0]}`);
  return { name: `${page.replace('.md', '')}-${side}`, files: found.filter(([, of]) => of === side).map(([, , file, body]) => [file, body]) };
})).filter(({ files }) => files.length > 0);

const compilerOptions = {
  noEmit: true, strict: true, target: 'es2022', module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom', 'dom.iterable'], types: [], jsx: 'react-jsx', skipLibCheck: true,
  // Our package lies above, where no React is.
  paths: { react: [join(here, 'node_modules/@types/react')], 'react/*': [join(here, 'node_modules/@types/react/*')] },
};
const tsc = join(dirname(resolve('typescript-newest/package.json')), 'bin', 'tsc');
for (const { name, files } of apps) {
  for (const [file, body] of files) {
    mkdirSync(dirname(join(folder, name, file)), { recursive: true });
    writeFileSync(join(folder, name, file), `${body}\nexport {};\n`);
  }
  writeFileSync(join(folder, name, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  const { status, stdout } = spawnSync(process.execPath, [tsc, '--project', join(folder, name)], { encoding: 'utf8' });
  if (status !== 0) failures.push(stdout);
}
if (apps.length < 9) failures.push(`only ${apps.length} apps were found`);

failures.forEach((failure) => console.error(failure));
console.log(`${apps.length} apps of the pages about moving: ${failures.length === 0 ? 'ok' : 'FAILED'}`);
if (failures.length > 0) process.exit(1);
rmSync(folder, { recursive: true });
