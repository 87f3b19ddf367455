import { writeFileSync } from 'node:fs';
import { chart } from './chart.js';
import { page } from './page.js';

const docs = new URL('../../docs/', import.meta.url);

export function write(results) {
  writeFileSync(new URL('benchmarks.md', docs), page(results));
  writeFileSync(new URL('benchmarks.svg', docs), chart(results));
}
