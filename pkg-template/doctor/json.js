// JSON as strictly as src/protocol/json reads it: UTF-8, no member twice, bounded depth and counts.

/** Bytes of one answer, levels, values of one text, and members of one object: docs/limits.md. */
export const LIMITS = { bytes: 1 << 20, levels: 32, values: 100_000, members: 2000 };

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** `{ value }`, or `{ fault }`, which says what the text is or has. */
export function readJson(bytes) {
  let text;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { fault: "is not UTF-8" };
  }
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: error instanceof RangeError ? tooDeep : "is no JSON" };
  }
  const fault = faultOf(text);
  return fault ? { fault } : { value };
}

const tooDeep = `is nested deeper than ${LIMITS.levels} levels`;

/** What valid JSON has that the package refuses. */
function faultOf(text) {
  /** For each open object a set of its names, for each open list `undefined`. */
  const open = [];
  let values = 0;
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"\s*:?|[{}[\]]|[^\s{}[\],:"]+/g)) {
    if (token === "}" || token === "]") {
      open.pop();
      continue;
    }
    if (token.endsWith(":") && token.startsWith('"')) {
      const names = open.at(-1);
      const name = JSON.parse(token.slice(0, -1));
      if (names.has(name)) return "has a member twice";
      if (names.add(name).size > LIMITS.members) return `has an object with more than ${LIMITS.members} members`;
      continue;
    }
    values += 1;
    if (values > LIMITS.values) return `has more than ${LIMITS.values} values`;
    if (token !== "{" && token !== "[") continue;
    open.push(token === "{" ? new Set() : undefined);
    if (open.length > LIMITS.levels) return tooDeep;
  }
  return undefined;
}

/** An object of JSON. */
export function readObject(bytes) {
  const read = readJson(bytes);
  if (read.fault) return read;
  const isObject = typeof read.value === "object" && read.value !== null && !Array.isArray(read.value);
  return isObject ? read : { fault: "is no object" };
}
