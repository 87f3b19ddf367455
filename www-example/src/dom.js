// The demo's whole «framework»: make an element, find an element. Text only ever enters as text, never as HTML.

export const byId = (id) => document.getElementById(id);

/** `h('p', { class: 'x', onclick: f }, 'text', child, …)`; properties that are false, null or undefined are left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...present(children));
  return element;
}

const present = (children) => children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false);

export const fill = (element, ...children) => element.replaceChildren(...present(children));

/** Disables a button while its work runs, so that a second click does not start it twice. */
export function whileBusy(button, work) {
  return async () => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    // aria-disabled keeps the focus on the button; `disabled` would throw it away.
    button.setAttribute('aria-disabled', 'true');
    try {
      await work();
    } finally {
      button.removeAttribute('aria-disabled');
    }
  };
}
