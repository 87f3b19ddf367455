// The page of every contender: the page load of an application, with the times marked. The first script of the page has made `window.t0`
// and the promise `window.finished`.

const milliseconds = () => performance.now() - window.t0;

export async function start(create) {
  const marks = {};
  try {
    const api = await create(window.settings);
    marks.ready = milliseconds();
    if (isCallback()) await api.finish?.();
    const claims = await api.user();
    marks.user = milliseconds();
    marks.sub = claims?.sub ?? null;
    window.api = api;
  } catch (error) {
    marks.error = String(error?.code ?? error?.message ?? error);
  }
  window.finish(marks);
}

function isCallback() {
  return window.settings.arrived.pathname.endsWith('/callback');
}
