// The last login as a sequence diagram (SVG), and as a list with the same content. Text enters as text, and colours are those of the text around it.

import { loginSteps, sentence } from "./record/steps.js";

const SVG = "http://www.w3.org/2000/svg";
const NARROWEST = 300;
const FONT = "system-ui, sans-serif";
/** The width of a character, in parts of the size of the font. On the safe side. */
const WIDTH = 0.56;
let made = 0;

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** Lines of at most so many characters. A word that is longer is cut. */
export function wrap(text, most) {
  const lines = [""];
  for (let word of text.split(/\s+/)) {
    while (word.length > most) {
      const room = lines.at(-1) === "" ? most : 0;
      if (room === 0) lines.push("");
      lines[lines.length - 1] = word.slice(0, most);
      word = word.slice(most);
      lines.push("");
    }
    const last = lines.at(-1);
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.filter((line, at) => line !== "" || at === 0);
}

const hostOf = (steps, otherwise) => {
  const named = steps.map(({ note }) => /https?:\/\/([^/\s]+)/.exec(note)?.[1]).find((host) => host && host !== globalThis.location?.host);
  return named ?? otherwise;
};

/**
 * The diagram of the last login in a record. `width` is in CSS pixels; the height follows. The element is an image with a title and a description, which
 * has the steps as sentences. Show `sequenceList` beside it: a reader can go through a list step by step.
 */
export function sequenceDiagram(entries, { width = 640 } = {}) {
  const steps = loginSteps(entries);
  const wide = Math.max(NARROWEST, Math.round(width));
  const box = Math.min(220, wide * 0.46);
  // Where there is little room, the lines stand at the edges, and the words between them.
  const edge = wide < 560 ? 22 : box / 2 + 1;
  const [left, right] = [edge, wide - edge];
  const middle = (left + right) / 2;
  made += 1;
  const [titleId, descriptionId, arrowId] = ["title", "description", "arrow"].map((name) => `oidc-diagram-${made}-${name}`);
  const drawing = [];
  const text = (content, x, y, size, more = {}) => svg("text", { x, y, "font-size": size, "font-family": FONT, fill: "currentColor", "text-anchor": "middle", ...more }, content);
  const block = (content, x, y, size, most, more) => {
    const lines = wrap(content, Math.floor(most / (size * WIDTH)));
    drawing.push(...lines.map((line, at) => text(line, x, y + at * size * 1.3, size, more)));
    return lines.length * size * 1.3;
  };

  let y = 74;
  for (const [number, { from, to, label, note, details, isFailure }] of steps.entries()) {
    const isOwn = from === to;
    const start = from === "app" ? left : right;
    const line = { ...(isFailure && { class: "failure" }) };
    const words = `${number + 1}. ${isFailure ? "✕ " : ""}${label}`;
    const names = details.map(([name]) => name.replace("→ ", "")).join(", ");
    const small = [note.replace(/https?:\/\/[^/\s]+/g, ""), names && `with ${names}`].filter(Boolean);
    if (isOwn) {
      const anchor = from === "app" ? "start" : "end";
      const x = from === "app" ? start + 16 : start - 16;
      const most = right - left - 32;
      drawing.push(svg("circle", { cx: start, cy: y - 4, r: 5, fill: "currentColor", ...line }));
      y += block(words, x, y, 13, most, { "text-anchor": anchor, ...line });
      for (const each of small) y += block(each, x, y, 11, most, { "text-anchor": anchor, "fill-opacity": 0.8 });
      y += 16;
      continue;
    }
    const most = right - left - 24;
    const end = to === "app" ? left + 2 : right - 2;
    y += block(words, middle, y, 13, most, { "font-weight": 600, ...line }) - 6;
    drawing.push(svg("line", { x1: start, x2: end, y1: y, y2: y, stroke: "currentColor", "stroke-width": 1.5, "marker-end": `url(#${arrowId})`, ...(isFailure && { "stroke-dasharray": "5 4", class: "failure" }) }));
    y += 16;
    for (const each of small) y += block(each, middle, y, 11, most, { "fill-opacity": 0.8 });
    y += 16;
  }
  const height = Math.ceil(Math.max(y, 110));
  const head = (x, center, name, host) => [
    svg("rect", { x: center - box / 2, y: 1, width: box, height: 44, rx: 6, fill: "none", stroke: "currentColor", "stroke-width": 1.5 }),
    text(name, center, 19, 13, { "font-weight": 600 }),
    text(wrap(host, Math.floor(box / (11 * WIDTH)))[0], center, 36, 11),
    svg("line", { x1: x, x2: x, y1: 45, y2: height - 4, stroke: "currentColor", "stroke-opacity": 0.35, "stroke-dasharray": "3 4" }),
  ];
  const title = svg("title", { id: titleId }, steps.length ? "The last login, step by step" : "No login has been seen");
  const description = svg("desc", { id: descriptionId }, steps.map((step, at) => `${at + 1}. ${sentence(step)}`).join(" ") || "No login has been seen since the record began.");
  const arrow = svg("marker", { id: arrowId, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto-start-reverse" }, svg("path", { d: "M0 0 8 4 0 8z", fill: "currentColor" }));
  if (!steps.length) drawing.push(text("No login has been seen yet.", wide / 2, 80, 13));
  return svg(
    "svg",
    { viewBox: `0 0 ${wide} ${height}`, width: wide, height, role: "img", lang: "en", direction: "ltr", "aria-labelledby": titleId, "aria-describedby": descriptionId },
    title,
    description,
    svg("defs", {}, arrow),
    ...head(left, box / 2 + 1, "This app", globalThis.location?.host ?? ""),
    ...head(right, wide - box / 2 - 1, "The provider", hostOf(steps, "")),
    ...drawing,
  );
}

/** The same as a list, with the parameters of each step. */
export function sequenceList(entries) {
  const items = loginSteps(entries).map((step) =>
    h("li", { class: step.isFailure ? "failure" : undefined }, sentence(step), step.details.length > 0 && h("dl", {}, step.details.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]).flat())),
  );
  return h("ol", { class: "oidc-steps", lang: "en", dir: "ltr" }, items);
}
