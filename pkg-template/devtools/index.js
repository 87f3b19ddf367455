// The entry `oidc-client-wasm/devtools`: what happened, and what is wrong with the page. For development; an app imports it when it needs it.

import { diagnose as ask } from "./diagnose.js";
import { hearViolations } from "./page.js";
import { mountDevtools as mount } from "./panel.js";
import { recordRequests as record } from "./record/record.js";

export { sequenceDiagram, sequenceList } from "./diagram.js";

export function recordRequests(options) {
  hearViolations();
  return record(options);
}

export function diagnose(oauth, options) {
  hearViolations();
  return ask(oauth, options);
}

export function mountDevtools(oauth, options) {
  hearViolations();
  return mount(oauth, options);
}
