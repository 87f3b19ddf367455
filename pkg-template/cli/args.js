// The flags of a command, and the mistakes that people make with them.

/** A mistake of the person at the keyboard: what is wrong, and what to do. */
export class Misuse extends Error {
  constructor(message, cure = "", { exitCode = 2 } = {}) {
    super(message);
    this.cure = cure;
    this.exitCode = exitCode;
  }
}

/** How many letters have to change. */
function distance(left, right) {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let at = 1; at <= left.length; at += 1) {
    const above = row;
    row = [at];
    for (let to = 1; to <= right.length; to += 1) row[to] = Math.min(above[to] + 1, row[to - 1] + 1, above[to - 1] + (left[at - 1] === right[to - 1] ? 0 : 1));
  }
  return row[right.length];
}

/** The name that was meant, as a question. */
export function closest(given, names) {
  if (given.length > 40) return "";
  const [best] = names.map((name) => ({ name, far: distance(given, name) })).sort((left, right) => left.far - right.far);
  return best && best.far <= 3 ? ` Did you mean ${best.name}?` : "";
}

/**
 * The values of the flags. `known` has the name of each flag with what it takes: "text", or "yes" for a flag without a value.
 * @returns {Record<string, string | true | undefined>}
 */
export function flags(args, known, help) {
  const values = { __proto__: null };
  const names = Object.keys(known);
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at];
    if (arg === "--help" || arg === "-h") return { __proto__: null, help: true };
    if (!arg.startsWith("--")) throw new Misuse(`"${arg}" was not expected here.`, help);
    const [flag, ...rest] = arg.slice(2).split("=");
    if (!names.includes(flag)) throw new Misuse(`There is no flag --${flag}.${closest(`--${flag}`, names.map((name) => `--${name}`))}`, help);
    if (flag in values) throw new Misuse(`--${flag} was given twice.`);
    if (known[flag] === "yes") {
      if (rest.length > 0) throw new Misuse(`--${flag} takes no value.`);
      values[flag] = true;
      continue;
    }
    if (rest.length === 0) at += 1;
    const value = rest.length > 0 ? rest.join("=") : args[at];
    if (value === undefined || value === "" || (rest.length === 0 && value.startsWith("--"))) throw new Misuse(`--${flag} needs a value: --${flag} ${known[flag]}`);
    values[flag] = value;
  }
  return values;
}
