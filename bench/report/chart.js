// The chart: an SVG with horizontal bars in small panels, readable on light and on dark pages.

import { ours } from '../contenders/list.js';
import { number } from './text.js';

const row = 19;
const panel = { width: 340, names: 138, bar: 140, head: 30, gap: 24 };
const columns = 2;

const style = `
text { font: 12px system-ui, sans-serif; fill: #24292f }
.head { font-weight: 600; font-size: 13px }
.bar { fill: #9aa7b4 }
.own { fill: #1f6feb }
.bad { fill: #d1495b }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .bar { fill: #6e7b88 }
  .own { fill: #58a6ff }
  .bad { fill: #ff7b72 }
}`;

const median = (suite, name) => (results, contender) => results[suite]?.[contender]?.[name]?.median;
const flow = (profile, phase) => (results, contender) => results.flow?.[profile]?.[contender]?.[phase]?.median;

/** The panels. `bad` colours each bar that is not zero as a fault. */
const panels = [
  { title: 'Download up to a login, kB (brotli)', value: (results, contender) => results.flow?.lat0?.[contender]?.bytes?.brotli / 1000 },
  { title: 'Callback at 150 ms latency, ms', value: flow('lat150', 'callback') },
  { title: 'Reload: first script to user, ms', value: flow('lat0', 'restore') },
  { title: '1,000 callers, expired token, ms', value: median('callers', 'expired') },
  { title: 'Forged logins accepted', bad: true, value: (results, contender) => count(results.forged?.[contender], (it) => it === 'accepted') },
  { title: 'Of 8 tabs, signed out by one renewal', bad: true, value: (results, contender) => 8 - results.tabs?.[contender]?.second?.fresh },
];

const count = (object, is) => (object ? Object.values(object).filter(is).length : NaN);
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function drawn({ title, value, bad }, results, x, y) {
  const bars = results.contenders.filter(({ variant }) => !variant).map(({ name, title: label }) => ({ name, label: short(label), value: value(results, name) })).filter(({ value: it }) => Number.isFinite(it));
  const most = Math.max(1, ...bars.map(({ value: it }) => it));
  const lines = bars.map(({ name, label, value: it }, at) => {
    const top = y + panel.head + at * row;
    const kind = bad && it ? 'bad' : name === ours ? 'own' : 'bar';
    const width = Math.max(1, (it / most) * panel.bar).toFixed(1);
    return `<text x="${x + panel.names - 6}" y="${top + 10}" text-anchor="end">${escape(label)}</text>`
      + `<rect class="${kind}" x="${x + panel.names}" y="${top}" width="${width}" height="${row - 6}" rx="2"/>`
      + `<text x="${(x + panel.names + Number(width) + 5).toFixed(1)}" y="${top + 10}">${number(it)}</text>`;
  });
  return `<text class="head" x="${x}" y="${y + 14}">${escape(title)}</text>\n${lines.join('\n')}`;
}

const short = (title) => title.replace(/ \(.*/, '');

export function chart(results) {
  const height = panel.head + results.contenders.length * row + panel.gap;
  const parts = panels.map((it, at) => drawn(it, results, (at % columns) * (panel.width + panel.gap) + 8, Math.floor(at / columns) * height + 8));
  const size = [columns * (panel.width + panel.gap), Math.ceil(panels.length / columns) * height];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.join(' ')}" width="${size[0]}" height="${size[1]}" role="img" aria-label="Benchmarks, ${results.date}">
<style>${style}
</style>
${parts.join('\n')}
</svg>
`;
}
