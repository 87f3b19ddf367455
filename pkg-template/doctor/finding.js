// What the doctor says about one thing. This folder judges and asks nothing: it runs in Node.js and in a page.

import { catalogue } from "./catalogue.js";

/** The most characters of a value from outside that a finding shows. */
const MAX_VALUE = 200;

/** Without what acts on a terminal or turns the direction of a text: control characters, and the marks of Unicode for it. */
export function printable(text) {
  return String(text).replace(/[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

/** A value from outside as a text shows it: printable and short. */
export function shown(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
  const cut = [...printable(text.slice(0, MAX_VALUE * 2))].slice(0, MAX_VALUE).join("");
  return cut.length < text.length ? `${cut}…` : cut;
}

export const quoted = (value) => `"${shown(value)}"`;

/** A list of values from outside, of which a text shows the first ten. */
export function listed(values) {
  if (values.length === 0) return "nothing";
  return values.slice(0, 10).map(shown).join(", ") + (values.length > 10 ? ", …" : "");
}

function make(level, id, text, { cure = null, where = null, subject = null } = {}) {
  const { group, specification = null } = catalogue[id];
  return { id, group, level, subject, text: printable(text), cure: cure === null ? null : printable(cure), where, specification, docs: `docs/doctor.md#${id}` };
}

/** All is well. */
export const ok = (id, text, subject) => make("ok", id, text, { subject });
/** A login works, and something else does not, or may not. `where`: "app", "provider" or "server" (that of the app). */
export const warning = (id, text, where, cure, subject) => make("warning", id, text, { cure, where, subject });
/** A login, a refresh or a logout cannot work. */
export const problem = (id, text, where, cure, subject) => make("problem", id, text, { cure, where, subject });
/** This cannot be seen from here: what to look at by hand. */
export const unseen = (id, text, cure, subject) => make("not-seen", id, text, { cure, subject });

/** How many findings of each level. */
export function summaryOf(findings) {
  const count = (level) => findings.filter((finding) => finding.level === level).length;
  return { problems: count("problem"), warnings: count("warning"), ok: count("ok"), notSeen: count("not-seen") };
}
