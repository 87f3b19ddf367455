// Numbers, lists and tables as text.

/** A measurement with two or three digits: 0.34, 3.4, 34, 341. */
export function number(value) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 10 || value === 0) return Math.round(value).toLocaleString('en-US');
  return Number.isInteger(value) ? String(value) : value.toFixed(size >= 1 ? 1 : 2);
}

export const times = (value) => (Number.isFinite(value) ? `${number(value)} ×` : '–');
/** A ratio with two decimals, for ratios near 1. */
export const factor = (value) => (Number.isFinite(value) ? value.toFixed(2) : '–');
export const kilobytes = (bytes) => (Number.isFinite(bytes) ? (bytes / 1000).toFixed(1) : '–');
export const middle = (summary) => number(summary?.median);
/** The median and the quartiles: `34 (31–40)`. */
export const range = (summary) => (summary ? `${number(summary.median)} (${number(summary.low)}–${number(summary.high)})` : '–');

/** A table in Markdown with the first column on the left and the other columns on the right. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = `|${head.map((_, at) => (at === 0 ? '---|' : '---:|')).join('')}`;
  return [line(head), rule, ...rows.map((cells) => line(cells.map((cell) => String(cell).replaceAll('|', '\\|'))))].join('\n');
}

/** `a, b and c` */
export function list(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
