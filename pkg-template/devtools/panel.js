// The panel: a custom element with a shadow of its own. It keeps nothing, and ends with `close()`.

import { diagnose } from "./diagnose.js";
import { h } from "./diagram.js";
import { answerOf } from "./page.js";
import { recordRequests } from "./record/record.js";
import { styleSheet } from "./style.js";
import { VIEWS } from "./views.js";

const NAME = "oidc-devtools";
const NAMES = Object.keys(VIEWS);
/** Milliseconds between two looks at what changes by itself. */
const TICK = 1000;

/** The panels of the page by the prefix of their records, also those of an earlier copy of this file. */
const panels = () => (globalThis[Symbol.for("oidc-client-wasm.devtools")] ??= new Map());

/** An element of the page's registry. It does nothing by itself, so that a later copy of this file can fill an element of an earlier one. */
function makeElement() {
  if (!customElements.get(NAME)) customElements.define(NAME, class extends HTMLElement {});
  return document.createElement(NAME);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Shows the panel at the foot of the page. `oauth` is what `createOAuth` has returned. `log` is the record that was given to the option `log`; without it a record
 * begins now. Gives the element, whose `close()` takes it away.
 */
export function mountDevtools(oauth, { log, settings, options, tab = "Login", parent = document.body ?? document.documentElement } = {}) {
  const ownLog = log === undefined;
  const record = log ?? recordRequests({ storagePrefix: options?.storagePrefix });
  if (ownLog) record(typeof oauth.then === "function" ? oauth : Promise.resolve(oauth));
  const prefix = record.storagePrefix;
  // A module that is replaced while the page runs mounts its panel anew.
  const mounted = panels();
  mounted.get(prefix)?.close();
  const opener = document.activeElement;
  const element = makeElement();
  const shadow = element.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [styleSheet()];
  let selected = NAMES.includes(tab) ? tab : NAMES[0];
  let registry = null;
  let report;
  let locks;
  let isLooking = false;
  let isPending = false;
  /** Whether the report stands in the panel, as a text to copy. */
  let isText = false;

  const status = h("span", { role: "status", class: "soft" });
  const say = (text) => {
    status.textContent = text;
  };
  const tabs = NAMES.map((name) => h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "content", onclick: () => select(name), onkeydown: move }, name));
  const content = h("div", { role: "tabpanel", id: "content", tabindex: "0" });
  const panel = h("section", { class: "panel", lang: "en", "aria-label": "Devtools of oidc-client-wasm", onkeydown: leave },
    h("header", {}, h("h2", {}, "oidc-client-wasm"), status, h("button", { type: "button", id: "copy", onclick: copyReport }, "Copy report"), h("button", { type: "button", id: "minimise", onclick: minimise }, "Minimise"), h("button", { type: "button", id: "close", onclick: close }, "Close")),
    h("div", { role: "tablist", "aria-label": "Devtools" }, tabs),
    content);
  shadow.append(panel);

  function facts() {
    return {
      entries: record.entries,
      clients: registry ? registry.names.map((name) => registry.client(name)) : [],
      options,
      prefix,
      width: Math.min(720, (content.clientWidth || 664) - 24),
      locks,
      report,
      look,
    };
  }

  /** What a keyboard reaches in the tab. */
  const stops = () => [...content.querySelectorAll("button, summary, textarea, [tabindex]")];

  function draw() {
    for (const each of tabs) {
      const isSelected = each.textContent === selected;
      each.setAttribute("aria-selected", String(isSelected));
      each.tabIndex = isSelected ? 0 : -1;
    }
    content.setAttribute("aria-labelledby", `tab-${selected}`);
    let drawn;
    try {
      drawn = VIEWS[selected](facts());
    } catch (error) {
      drawn = [h("p", {}, `This view could not be made: ${error?.name ?? "unknown"}.`)];
    }
    const { scrollTop } = content;
    const isOpen = content.querySelector("details")?.open;
    const hadFocus = content.contains(shadow.activeElement);
    const focused = stops().indexOf(shadow.activeElement);
    content.replaceChildren(...drawn.flat().filter(Boolean));
    if (isOpen && content.querySelector("details")) content.querySelector("details").open = true;
    content.scrollTop = scrollTop;
    if (hadFocus && !content.contains(shadow.activeElement)) (stops()[focused] ?? content).focus({ preventScroll: true });
  }

  /** Many entries of one moment are drawn once. */
  function redraw() {
    if (isPending) return;
    isPending = true;
    setTimeout(() => {
      isPending = false;
      if (element.isConnected && !isText) draw();
    }, 50);
  }

  async function look() {
    if (isLooking) return;
    isLooking = true;
    say("Looking …");
    report = await diagnose(oauth, { log: record, settings, options }).catch(() => undefined);
    isLooking = false;
    say("");
    redraw();
  }

  function select(name) {
    selected = name;
    isText = false;
    content.scrollTop = 0;
    draw();
    if (name === "Findings" && !report) look();
    if (name === "Tabs") askLocks();
  }

  async function askLocks() {
    const told = await answerOf(() => navigator.locks?.query());
    locks = told && { held: told.held?.length ?? 0, pending: told.pending?.length ?? 0 };
    redraw();
  }

  /** Between the tabs by arrows, as the ARIA Authoring Practices have it. */
  function move(event) {
    const at = NAMES.indexOf(selected);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: NAMES.length - 1 }[event.key];
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const index = (next + NAMES.length) % NAMES.length;
    select(NAMES[index]);
    tabs[index].focus();
    tabs[index].scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function minimise({ currentTarget }) {
    currentTarget.textContent = panel.toggleAttribute("data-small") ? "Show" : "Minimise";
  }

  function leave(event) {
    if (event.key !== "Escape") return;
    // A dialog of the page stays open.
    event.stopPropagation();
    close();
  }

  async function copyReport() {
    say("Making the report …");
    const text = JSON.stringify(await diagnose(oauth, { log: record, settings, options }), null, 2);
    if (await copy(text)) {
      say("The report is in the clipboard. It has no token.");
      return;
    }
    say("The browser lets this page write no clipboard: copy the text below.");
    const area = h("textarea", { readonly: true, rows: "12", "aria-label": "The report" });
    area.value = text;
    isText = true;
    content.replaceChildren(area);
    area.select();
  }

  function close() {
    if (mounted.get(prefix) === element) mounted.delete(prefix);
    clearInterval(ticking);
    forget();
    sizes?.disconnect();
    // The person may be elsewhere: a hot replacement closes a panel, too.
    const { activeElement } = element.getRootNode();
    const isFree = [element, document.body, null, undefined].includes(activeElement);
    element.remove();
    if (ownLog) record.stop();
    if (isFree && opener instanceof HTMLElement && opener.isConnected) opener.focus();
  }

  const forget = record.onChange(redraw);
  const sizes = typeof ResizeObserver === "function" ? new ResizeObserver(() => selected === "Login" && redraw()) : undefined;
  const ticking = setInterval(() => {
    if (!element.isConnected) close();
    else if (selected === "Time" && !document.hidden && !isText) draw();
  }, TICK);
  element.close = close;
  mounted.set(prefix, element);
  parent.append(element);
  sizes?.observe(element);
  Promise.resolve(oauth).then((given) => {
    registry = given;
    redraw();
  }, () => say("createOAuth failed: see Events and Findings."));
  select(selected);
  return element;
}
