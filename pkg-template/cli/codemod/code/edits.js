// Changes of a text by position. What no change names stays as it is, to the letter.

export class Edits {
  #text;
  #list = [];

  constructor(text) {
    this.#text = text;
  }

  get isEmpty() {
    return this.#list.length === 0;
  }

  replace(start, end, by) {
    this.#list.push({ start, end, by, order: this.#list.length });
  }

  insert(at, by) {
    this.replace(at, at, by);
  }

  /** Code of its own below a statement, which stays where that statement goes. */
  insertBelow(at, code, newline) {
    this.#list.push({ start: at, end: at, by: newline + newline + code, order: this.#list.length, code, newline });
  }

  /** Whether a change takes the place of the whole of this. */
  covers(start, end) {
    return this.#list.some((edit) => edit.start <= start && edit.end >= end && edit.end > edit.start);
  }

  /** The text between two positions with the changes inside it. */
  render(start = 0, end = this.#text.length) {
    const inside = this.#list.filter((edit) => edit.start >= start && edit.end <= end);
    inside.sort((left, right) => left.start - right.start || right.end - left.end || left.order - right.order);
    // Where one change has another inside it, the outer one was made with the inner one in mind. Insertions at one place stand before a replacement there.
    let out = "";
    let at = start;
    const insertions = inside.filter((edit) => edit.start === edit.end);
    const rest = inside.filter((edit) => edit.start !== edit.end);
    const upTo = (limit, inclusive) => {
      while (insertions.length > 0 && (insertions[0].start < limit || (inclusive && insertions[0].start === limit))) {
        const { start: place, by, code, newline } = insertions.shift();
        if (place < at) {
          if (code !== undefined) out += `${out === "" || out.endsWith(newline + newline) ? "" : newline}${code}${newline}${/^\r?\n/.test(this.#text.slice(at)) ? "" : newline}`;
          continue;
        }
        out += this.#text.slice(at, place) + by;
        at = place;
      }
    };
    for (const edit of rest) {
      if (edit.start < at) continue;
      upTo(edit.start, true);
      out += this.#text.slice(at, edit.start) + edit.by;
      at = edit.end;
    }
    upTo(end, true);
    return out + this.#text.slice(at, end);
  }
}
