import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

export const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });

/** The bytes of some files: { raw, gzip, brotli }. Each file is compressed by itself, as a server does. */
export function sizes(files) {
  const sum = { raw: 0, gzip: 0, brotli: 0 };
  for (const bytes of files) {
    sum.raw += bytes.length;
    sum.gzip += gzipSync(bytes, { level: 9 }).length;
    sum.brotli += brotli(bytes).length;
  }
  return sum;
}
