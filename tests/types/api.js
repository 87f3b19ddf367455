// node api.js [--write]: every declaration of the packed package, one line each, compared with what is on record for its version in api/. A
// change of what users compile against is a change of that file, which a reviewer sees. `cargo xtask api --write` puts it on record.

import { mkdirSync, readFileSync, readdirSync, existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ts = createRequire(import.meta.url)('typescript-oldest');
const here = fileURLToPath(new URL('.', import.meta.url));
const home = join(here, 'node_modules/oidc-client-wasm');
const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));

const printer = ts.createPrinter({ removeComments: true });
const onOneLine = (text) => text.replace(/\s+/g, ' ').trim();

/** The lines of one file: each member of an interface and each part of a union for itself, so that a new one is a new line and no changed one. */
function lines(name) {
  const source = ts.createSourceFile(name, readFileSync(join(home, name), 'utf8'), ts.ScriptTarget.Latest, true);
  const print = (node) => onOneLine(printer.printNode(ts.EmitHint.Unspecified, node, source)).replace(/;$/, '');
  const head = (node, upTo) => onOneLine(source.text.slice(node.getStart(source), upTo)).replace(/\s*[{=]$/, '');
  const ofStatement = (node) => {
    if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) {
      const declared = head(node, node.members.pos);
      return [declared, ...node.members.map((member) => `${declared} { ${print(member)} }`)];
    }
    if (ts.isTypeAliasDeclaration(node) && ts.isUnionTypeNode(node.type)) {
      const declared = head(node, node.type.pos);
      return [declared, ...node.type.types.map((part) => `${declared} = … | ${print(part)}`)];
    }
    if (ts.isModuleDeclaration(node) && node.body && ts.isModuleBlock(node.body)) {
      const declared = head(node, node.body.pos);
      return [declared, ...node.body.statements.flatMap(ofStatement).map((line) => `${declared} { ${line} }`)];
    }
    if (ts.isExportDeclaration(node) && node.exportClause && ts.isNamedExports(node.exportClause)) {
      const from = node.moduleSpecifier ? ` from ${print(node.moduleSpecifier)}` : '';
      return node.exportClause.elements.map((element) => `export ${node.isTypeOnly ? 'type ' : ''}{ ${print(element)} }${from}`);
    }
    return [print(node)];
  };
  return source.statements.filter((node) => !ts.isImportDeclaration(node)).flatMap(ofStatement).map((line) => `${name}: ${line}`);
}

function all() {
  const entries = Object.entries(manifest.exports).map(([entry, to]) => {
    const { types = '-', default: file } = typeof to === 'string' ? { default: to } : to;
    return `package.json: ${entry} → ${types}, ${file}`;
  });
  const names = readdirSync(home, { recursive: true }).map((name) => name.replaceAll('\\', '/'));
  const declarations = names.filter((name) => name.endsWith('.d.ts') && !name.includes('node_modules/'));
  const programs = Object.keys(manifest.bin).map((program) => `package.json: bin ${program}`);
  const peers = Object.entries(manifest.peerDependencies ?? {}).map(([peer, range]) => `package.json: peer ${peer} ${range}`);
  const engines = Object.entries(manifest.engines).map(([engine, range]) => `package.json: engine ${engine} ${range}`);
  return [...new Set([...entries, ...programs, ...peers, ...engines, ...declarations.flatMap(lines)])].sort();
}

const found = all();
if (found.length < 300) throw new Error('Where did the declarations go?');
const record = join(here, 'api', `${manifest.version}.txt`);
if (process.argv.includes('--write')) {
  mkdirSync(join(here, 'api'), { recursive: true });
  writeFileSync(record, `${found.join('\n')}\n`);
} else {
  const known = existsSync(record) ? readFileSync(record, 'utf8').trimEnd().split('\n') : [];
  const gone = known.filter((line) => !found.includes(line)).map((line) => `- ${line}`);
  const added = found.filter((line) => !known.includes(line)).map((line) => `+ ${line}`);
  if (gone.length + added.length > 0) {
    console.error([...gone, ...added].slice(0, 60).join('\n'));
    console.error(`\nThe declarations are not those of tests/types/api/${manifest.version}.txt. If the change is meant, run \`cargo xtask api --write\` and commit the file.`);
    process.exit(1);
  }
}
console.log(`${found.length} declarations of ${manifest.version}: ok`);
