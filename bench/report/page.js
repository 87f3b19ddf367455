// The page docs/benchmarks.md: the numbers come from the results, the prose from the folder `words`.

import { readFileSync } from 'node:fs';
import { profiles } from '../lib/profiles.js';
import { ours } from '../contenders/list.js';
import { leads } from './leads.js';
import { factor, kilobytes, list, middle, number, range, table, times } from './text.js';

const words = (name) => readFileSync(new URL(`words/${name}.md`, import.meta.url), 'utf8').trim();

export function page(results) {
  const rows = (of, cells) => results.contenders.filter(({ name }) => of[name]).map((contender) => [title(contender), ...cells(of[contender.name])]);
  const section = (name, head, of, draw) => (of ? `## ${head}\n\n${words(name)}\n\n${draw(of, rows, results)}` : undefined);
  const parts = [
    '# Benchmarks', words('introduction'), about(results), '![Bars of the main figures](benchmarks.svg)',
    section('download', 'Download', results.flow?.lat0, downloads),
    section('times', 'Times', results.flow, flow),
    section('hint', 'The hint', results.hint, hint),
    section('requests', 'Requests', results.flow, requests),
    section('getters', 'Reading while rendering', results.getters, getters),
    section('callers', '1,000 callers at once', results.callers, callers),
    section('tabs', 'Eight tabs', results.tabs, tabs),
    section('newtab', 'A new tab', results.newtab, newtab),
    section('memory', 'Memory', results.memory, memory),
    section('forged', 'Forged logins', results.forged, forged),
    section('leads', 'Where others are better', leads(results), (lines) => lines.join('\n')),
    `## How to run the bench\n\n${words('running')}`,
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** The title of a contender with the note about its settings. */
const title = ({ title: name, note }) => (note ? `${name} (${note})` : name);

function about({ date, quick, rounds, machine, contenders }) {
  const versions = contenders.filter(({ version, variant }) => version && !variant).map(({ title: name, version }) => `${name} ${version}`);
  const how = quick ? ` in a quick run: its ${rounds} rounds show the order of magnitude of a time, and little more` : ` in ${rounds} rounds`;
  return `Measured on ${date}${how}, with ${machine.browser.replace('/', ' ')} on a shared virtual machine with ${machine.cores} cores `
    + `(${machine.system}, Node.js ${machine.node}).\n\nVersions: ${list(versions)}.`;
}

function downloads(of, rows) {
  return table(['kB', 'minified', 'gzip', 'brotli'], rows(of, ({ bytes }) => [bytes?.raw, bytes?.gzip, bytes?.brotli].map(kilobytes)));
}

function flow(of, rows) {
  const head = ['ms', 'ready', 'login', 'callback', '× floor', 'reload', 'refresh', 'runs that failed'];
  const cells = (it) => [
    range(it.ready), range(it.login), range(it.callback), factor(it.toFloor.callback), range(it.restore), range(it.refresh), it.failed.length || '–',
  ];
  return Object.keys(of).map((name) => `### ${profiles[name].title}\n\n${table(head, rows(of[name], cells))}`).join('\n\n');
}

function hint({ hint: known, restore, bytes }) {
  return table(['after a reload', 'ms until the user is known', 'kB (brotli)'], [
    ['`oidc-client-wasm/hint`, unverified', range(known), kilobytes(bytes.brotli)], ['`oidc-client-wasm`', range(restore), '–'],
  ]);
}

function requests(of, rows) {
  // With a long latency, sequential requests and parallel requests look different.
  const text = (phase) => phase?.text ?? '–';
  return table(
    ['contender', 'ready', 'login', 'callback', 'round trips of the callback', 'reload', 'refresh'],
    rows(of.lat150 ?? Object.values(of)[0], ({ requests: it }) => [
      text(it?.ready), text(it?.login), text(it?.callback), it?.callback.chain ?? '–', text(it?.restore), text(it?.refresh),
    ]),
  );
}

function getters(of, rows) {
  const names = ['claims', 'isAuthenticated', 'token', 'getAccessToken'];
  const head = ['µs a call (× getItem)', 'claims', 'signed in?', 'token', 'access token', 'one getItem'];
  const cells = (it) => [...names.map((name) => `${middle(it[name])} (${times(it.toGetItem[name])})`), middle(it.getItem)];
  const what = (groups) => (groups === '0' ? 'A small id_token' : `An id_token with ${groups} groups`);
  return Object.keys(of).map((groups) => `### ${what(groups)}\n\n${table(head, rows(of[groups], cells))}`).join('\n\n');
}

function callers(of, rows) {
  const head = ['ms', 'valid token', 'expired token', '× floor', 'token requests', 'calls that fail'];
  return table(head, rows(of, (it) => [
    middle(it.warm), it.late ? 'over 20,000' : middle(it.expired), it.late ? '–' : factor(it.toFloor.expired), number(it.requests), number(it.failedCalls),
  ]));
}

function newtab({ reload, one, eight, none }) {
  return table(['the tab', 'ms until the user is known'], [
    ['a reload', range(reload)], ['new, beside one tab with the session', range(one)], ['new, beside eight', range(eight)],
    ['new, beside none: signed out', range(none)],
  ]);
}

function tabs(of, _, { contenders }) {
  const lines = Object.entries(of).map(([key, it]) => {
    const name = key.replace(it.contender, contenders.find(({ name: one }) => one === it.contender).title);
    if (it.failed) return [name, it.failed, '–', '–', '–'];
    return [name, `${it.first.fresh} of 8`, it.first.requests, it.first.refused, `${it.second.fresh} of 8`];
  });
  return table(['contender', 'tabs with a new token', 'token requests', 'of them refused', 'tabs with a new token the second time'], lines);
}

function memory(of, rows) {
  const steps = Object.values(of).find((it) => it.steps)?.steps ?? [];
  const head = ['KiB', ...steps.flatMap(({ refreshes }) => [`JavaScript, ${number(refreshes)}`, `WebAssembly, ${number(refreshes)}`]), 'first 100, ms each', 'last 100, ms each'];
  return table(head, rows(of, (it) => {
    if (it.failed) return [it.failed, ...head.slice(2).map(() => '–')];
    const sizes = it.steps.flatMap(({ heap, wasm }) => [number(heap / 1024), wasm ? number(wasm / 1024) : '–']);
    return [...sizes, number(it.steps[1].first), number(it.steps.at(-1).last)];
  }));
}

function forged(of, rows) {
  const kinds = Object.keys(of[ours] ?? Object.values(of)[0]);
  return table(['contender', ...kinds], rows(of, (it) => kinds.map((kind) => (it[kind] === 'accepted' ? '**accepted**' : 'refused'))));
}
