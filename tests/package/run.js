// node run.js TARBALL FOLDER: what judges of packages say of the packed package, and whether its bill of materials keeps to its schema.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

const here = fileURLToPath(new URL('.', import.meta.url));
const [tarball, folder] = process.argv.slice(2);
assert.ok(tarball && folder, 'node run.js TARBALL FOLDER');

/** Each judge with its arguments. A warning counts as an error. */
const judges = {
  publint: ['run', tarball, '--strict'],
  // The profile leaves out two ways of resolving: `require` before Node 20.19, because the package has ES modules alone, and that of TypeScript
  // named `node10`, which reads no `exports` and which TypeScript 7 no longer has. No rule and no entry is left out.
  attw: [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'],
};
for (const [judge, args] of Object.entries(judges)) {
  const program = join(here, 'node_modules', '.bin', judge);
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: here, encoding: 'utf8', shell: process.platform === 'win32' });
  console.log(`${judge}: ${status === 0 ? 'ok' : 'FAILED'}`);
  if (status !== 0) {
    console.error(error ?? `${stdout}${stderr}`);
    process.exit(1);
  }
}

const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
// A bundler drops the import of a script that exports nothing, unless the package says that it does something.
const scripts = Object.values(manifest.exports).filter(({ types }) => types === './script.d.ts').map((to) => to.default);
assert.ok(scripts.length > 0);
assert.deepEqual(manifest.sideEffects, scripts);

const bill = readFileSync(join(folder, 'sbom.cdx.json'), 'utf8');
const { specVersion, metadata, components, dependencies } = JSON.parse(bill);
const validator = new Validation.JsonStrictValidator(specVersion);
const complaints = await validator.validate(bill);
assert.equal(complaints, null, `sbom.cdx.json breaks the schema of CycloneDX ${specVersion}: ${JSON.stringify(complaints, null, 2)}`);
// The validator refuses what the schema refuses: were it not there, every bill would pass.
assert.notEqual(await validator.validate(JSON.stringify({ bomFormat: 'CycloneDX', specVersion, components: [{}] })), null);
assert.equal(specVersion, Spec.Version.v1dot6);

// The schema knows nothing of what a reference leads to.
assert.deepEqual([metadata.component.name, metadata.component.version], [manifest.name, manifest.version]);
const known = new Set([metadata.component, ...components].map((component) => component['bom-ref']));
assert.equal(known.size, components.length + 1, 'two components have one reference');
for (const { ref, dependsOn = [] } of dependencies) {
  for (const one of [ref, ...dependsOn]) assert.ok(known.has(one), `${one} is no component`);
}
const reached = new Set([metadata.component['bom-ref']]);
for (const one of reached) dependencies.find(({ ref }) => ref === one)?.dependsOn?.forEach((next) => reached.add(next));
assert.deepEqual([...known].filter((one) => !reached.has(one)), [], 'nothing leads to these components');
console.log(`sbom.cdx.json: ${components.length} crates, ok`);
