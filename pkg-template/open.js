// The window of a popup login. A browser opens it during a click only, so it is opened in the very call, before anything is awaited and
// before there is WebAssembly.

const WIDTH = 500;
const HEIGHT = 650;

/** The windows that were opened here, and are closed here. */
const opened = new WeakSet();

/** The window that the parameters name, else a new window; `null` where the browser opens none. */
export function openPopup(params) {
  try {
    const { popup, features } = params ?? {};
    if (popup) return popup;
    const left = Math.round(screenX + (outerWidth - WIDTH) / 2);
    const top = Math.round(screenY + (outerHeight - HEIGHT) / 2);
    const window = open("", "_blank", features ?? `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`);
    // Some blockers give a window that is closed.
    if (!window || window.closed) return null;
    opened.add(window);
    return window;
  } catch {
    return null;
  }
}

/** Closes the window when the login has ended, unless the page has opened it. */
export function closeAfter(popup, login) {
  const close = () => {
    if (opened.has(popup)) popup.close();
  };
  login.then(close, close);
  return login;
}

/** The parameters of the login, without those about its window. Rust refuses what is no plain object. */
export function withoutWindow(params) {
  try {
    if (!Object.hasOwn(params, "popup") && !Object.hasOwn(params, "features")) return params;
    const rest = { __proto__: null, ...params };
    delete rest.popup;
    delete rest.features;
    return rest;
  } catch {
    return params;
  }
}
