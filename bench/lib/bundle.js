// Bundles a contender with esbuild as an application would: minified, tree-shaken, in ES modules with split chunks.

import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('..', import.meta.url));
export const modules = path.join(here, 'node_modules');

export const versionOf = (name) => JSON.parse(readFileSync(path.join(modules, name, 'package.json'), 'utf8')).version;

/** Bundles a contender into `folder` and gives its files by name. */
export async function bundle(contender, folder) {
  const place = path.join(folder, contender.name);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  await build({
    entryPoints: { app: path.join(here, 'contenders', contender.adapter) },
    outdir: place, bundle: true, splitting: true, format: 'esm', minify: true, target: 'es2022', legalComments: 'none', logLevel: 'error',
  });
  for (const file of contender.files ?? []) cpSync(path.join(modules, contender.package, file), path.join(place, path.basename(file)));
  return new Map(readdirSync(place).map((name) => [name, readFileSync(path.join(place, name))]));
}
