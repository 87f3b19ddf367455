// How the panel looks. A constructed style sheet, which a strict Content-Security-Policy lets pass.

const CSS = `
:host { all: initial; color-scheme: light dark; --ink: #1a1d21; --soft: #4d5560; --paper: #ffffff; --shade: #eef1f4; --line: #c6ccd3; --strong: #0b57d0; --on-strong: #ffffff; --bad: #a3140e; --warn: #7a4b00; --good: #11632f;
  position: fixed; inset: auto 0 0 0; direction: ltr; z-index: 2147483000; display: block; font: 14px/1.45 system-ui, sans-serif; color: var(--ink); }
@media (prefers-color-scheme: dark) {
  :host { --ink: #e8eaed; --soft: #b3bac2; --paper: #17191d; --shade: #23272d; --line: #4a525c; --strong: #a8c7fa; --on-strong: #0b1d3a; --bad: #ffb4ab; --warn: #f5c26b; --good: #8fdba6; }
}
:host([hidden]) { display: none; }
@media print { :host { display: none; } }
* { box-sizing: border-box; }
.panel { display: flex; flex-direction: column; max-height: min(45vh, 440px); background: var(--paper); border-top: 2px solid var(--strong); box-shadow: 0 -4px 24px rgb(0 0 0 / 0.2); }
.panel[data-small] > :not(header) { display: none; }
header { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; padding: 6px 12px; background: var(--shade); }
h2 { margin: 0 auto 0 0; font-size: 14px; }
h3 { margin: 16px 0 4px; font-size: 14px; }
h3:first-child { margin-top: 0; }
button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: 4px 10px; min-height: 32px; cursor: pointer; }
button:hover { border-color: var(--strong); }
button:focus-visible, [tabindex]:focus-visible, summary:focus-visible, a:focus-visible { outline: 2px solid var(--strong); outline-offset: 1px; }
[role=tablist] { display: flex; flex-wrap: wrap; gap: 2px; padding: 4px 12px 0; background: var(--shade); border-bottom: 1px solid var(--line); flex: none; }
[role=tab] { border-color: transparent; border-radius: 6px 6px 0 0; background: none; white-space: nowrap; }
[role=tab][aria-selected=true] { background: var(--paper); border-color: var(--line); border-bottom-color: var(--paper); font-weight: 600; }
[role=tabpanel] { overflow: auto; padding: 12px; flex: 1 1 auto; min-height: 120px; overscroll-behavior: contain; }
p { margin: 4px 0; max-width: 80ch; }
.soft { color: var(--soft); }
svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
.failure { color: var(--bad); fill: var(--bad); }
line.failure { stroke: var(--bad); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; min-width: 36em; }
th, td { text-align: start; vertical-align: top; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; overflow-wrap: normal; }
thead th { color: var(--soft); white-space: nowrap; }
code, dt, dd, time { font-family: ui-monospace, monospace; font-size: 12px; overflow-wrap: anywhere; }
ol, ul { margin: 4px 0; padding-inline-start: 24px; }
li { margin: 4px 0; }
dl { display: grid; grid-template-columns: minmax(0, max-content) minmax(0, 1fr); gap: 0 12px; margin: 2px 0 6px; }
dt { color: var(--soft); } dd { margin: 0; }
a { color: var(--strong); }
summary { cursor: pointer; padding: 6px 0; }
progress { width: 100%; max-width: 480px; height: 10px; accent-color: var(--strong); }
.finding { list-style: none; border-inline-start: 4px solid var(--line); padding: 2px 0 2px 10px; }
.findings { padding: 0; }
.level { font-weight: 600; }
.finding[data-level=problem] { border-color: var(--bad); } [data-level=problem] .level { color: var(--bad); }
.finding[data-level=warning] { border-color: var(--warn); } [data-level=warning] .level { color: var(--warn); }
.finding[data-level=ok] { border-color: var(--good); } [data-level=ok] .level { color: var(--good); }
@media (max-height: 420px) { .panel { max-height: 90vh; overflow: auto; } [role=tabpanel] { flex: none; overflow: visible; } }
@media (max-width: 480px) { .panel { max-height: 50vh; } [role=tabpanel] { padding: 10px; } table { min-width: 0; } table, tbody, tr, th, td { display: block; } thead { display: none; } tr { padding: 6px 0; border-bottom: 1px solid var(--line); } th, td { padding: 0; border: 0; overflow-wrap: anywhere; } td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); } td:empty { display: none; } }
`;

let sheet;
/** The sheet, made once. */
export function styleSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}
