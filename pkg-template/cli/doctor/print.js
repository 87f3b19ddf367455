// The report of the doctor for people.

import { groups } from "../../doctor/catalogue.js";
import { printable } from "../../doctor/finding.js";

const MARKS = { ok: ["✔", "32"], warning: ["!", "33"], problem: ["✖", "31"], "not-seen": ["?", "36"] };
const WORDS = { ok: "ok", warning: "warning", problem: "PROBLEM", "not-seen": "not seen" };
const WHERE = { app: "In the app", provider: "At the provider", server: "At the server of the app" };

/** Lines of words, each no wider than this; a word that is wider has a line of its own. */
function wrap(text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === "") lines[lines.length - 1] = word;
    else if ([...line].length + 1 + [...word].length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** @param {{ isRich: boolean, columns: number }} terminal */
function createPen({ isRich, columns }) {
  const width = Math.max(40, Math.min(columns, 110));
  const paint = (code, text) => (isRich ? `\x1b[${code}m${text}\x1b[0m` : text);
  return {
    bold: (text) => paint("1", text),
    dim: (text) => paint("2", text),
    mark: (level) => (isRich ? paint(MARKS[level][1], MARKS[level][0]) : WORDS[level].padEnd(8)),
    /** Columns that a mark takes with the blank after it. */
    indent: isRich ? 4 : 11,
    wrap: (text, indent) => wrap(text, width - indent).map((line) => " ".repeat(indent) + line),
  };
}

function printFinding({ level, text, cure, where, specification, docs }, pen) {
  const lines = pen.wrap(text, pen.indent);
  lines[0] = `  ${pen.mark(level)} ${lines[0].trimStart()}`;
  if (cure !== null) lines.push(...pen.wrap(`→ ${where === null ? "" : `${WHERE[where]}: `}${cure}`, pen.indent));
  if (level === "problem" || level === "warning") {
    const sources = [specification && `${specification.title}, ${/^\d/.test(specification.section) ? "section " : ""}${specification.section}`, docs].filter(Boolean).join(" · ");
    lines.push(...pen.wrap(sources, pen.indent).map(pen.dim));
  }
  return lines;
}

const many = (count, one, more = `${one}s`) => `${count} ${count === 1 ? one : more}`;

/** In the style of the samples of the docs. */
function printSettings({ redirectUri, postLogoutRedirectUri, ...rest }, origin) {
  const local = (uri) => (uri.startsWith(`${origin}/`) && !/[`$\\]/.test(uri) ? `\`\${location.origin}${uri.slice(origin.length)}\`` : JSON.stringify(uri));
  const members = Object.entries({ issuer: rest.issuer, clientId: rest.clientId, redirectUri, postLogoutRedirectUri, scope: rest.scope, responseMode: rest.responseMode }).filter(([, value]) => value !== undefined);
  return members.map(([name, value]) => `  ${name}: ${name.endsWith("Uri") ? local(value) : JSON.stringify(value)},`);
}

function nextStep({ summary, findings, exitCode }) {
  const first = findings.find(({ level }) => level === "problem");
  if (exitCode === 2) return "The provider could not be asked. Solve the problem above, and run the doctor again.";
  if (first) return `${summary.problems === 1 ? "Solve this problem" : "Solve these problems, the first of them first"} (${first.docs}), and run the doctor again.`;
  if (summary.warnings > 0) return "Nothing stands against a login. Read the warnings, and sign in once with these settings.";
  return "Nothing stands against a login. Sign in once with these settings.";
}

/** The report as text. */
export function print(report, terminal) {
  const pen = createPen(terminal);
  const { issuer, clientId, origin, redirectUri, findings, summary, settings, requests, hosts } = report;
  const head = [["Issuer", issuer], ["Client id", clientId], ["Origin", origin], ["Redirect URI", redirectUri], ["Asked", requests === 0 ? "nothing" : `${many(requests, "request")} to ${hosts.join(", ")}`]];
  const lines = ["", ...head.map(([name, value]) => `  ${pen.dim(name.padEnd(13))} ${printable(value)}`), ""];
  for (const [group, title] of Object.entries(groups)) {
    const members = findings.filter((finding) => finding.group === group);
    if (members.length === 0) continue;
    lines.push(pen.bold(title), ...members.flatMap((finding) => printFinding(finding, pen)), "");
  }
  lines.push(`${pen.bold(many(summary.problems, "problem"))}, ${many(summary.warnings, "warning")}, ${summary.ok} ok, ${summary.notSeen} not seen`, "");
  lines.push(...pen.wrap(`Next: ${nextStep(report)}`, 0), "");
  if (settings) lines.push(...printSettings(settings, origin).map(printable), "");
  return lines.join("\n");
}
