// A reporter for node --test: the names of the tests that passed and failed, the reasons of those that were skipped, and what each file took. It is
// what `cargo xtask test --engines` makes its table of.

const nameOfSkip = ({ skip }) => (typeof skip === 'string' && skip ? skip : 'without a reason');

export default async function* results(source) {
  const lists = { passed: [], failed: [], skipped: [] };
  const seconds = {};
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { name, file = '', details } = data;
    if (details?.type === 'suite') continue;
    seconds[file] = (seconds[file] ?? 0) + (details?.duration_ms ?? 0) / 1000;
    if (type === 'test:fail') lists.failed.push(name);
    else if (data.skip !== undefined && data.skip !== false) lists.skipped.push(nameOfSkip(data));
    else lists.passed.push(name);
  }
  yield JSON.stringify({ ...lists, seconds });
}
