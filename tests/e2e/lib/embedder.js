// A page that embeds pages of the application, as a provider does when a person signs out there, and as any other page can.

import { listen } from '../../../www-example/provider/listen.js';

/** The page of the application that is registered as `frontchannel_logout_uri`. */
export const logoutPath = '/front-channel-logout';

export async function startEmbedder() {
  const server = await listen((request, response) => {
    const frame = new URL(request.url, 'http://localhost').searchParams.get('frame') ?? '';
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    response.end(`<!DOCTYPE html><title>Signed out</title>
      <script>window.heard = []; addEventListener('message', ({ data }) => { window.heard.push(data); });</script>
      <iframe hidden src="${frame.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`);
  }, 0, 'localhost');
  return {
    port: server.port,
    /** The page with this frame: of the application's site, or of another one. */
    url: (frame, { host = 'localhost' } = {}) => `http://${host}:${server.port}/?frame=${encodeURIComponent(frame)}`,
    reset() {},
    clearRequests() {},
    close: () => server.close(),
  };
}

/** Has the application serve its logout page, which tells the page around it for the test how it ended. */
export function serveLogoutPage({ app, settings, options = {} }, given = settings()) {
  app.restrict({ 'frame-ancestors': '*' });
  app.serve(logoutPath, {
    type: 'text/html; charset=utf-8',
    body: `<!DOCTYPE html><title>Logout</title><script type="module" src="${logoutPath}.js"></script>`,
  });
  app.serve(`${logoutPath}.js`, {
    type: 'text/javascript',
    body: `
      import { createOAuth } from '/package/entry.js';
      const demo = createOAuth(${JSON.stringify(given)}, ${JSON.stringify(options)}).client('demo');
      const began = performance.now();
      demo.handleFrontChannelLogout().then(
        (isEnded) => parent.postMessage({ isEnded, took: performance.now(), ofWhich: performance.now() - began }, '*'),
        (error) => parent.postMessage({ error: error.code }, '*'),
      );
      history.replaceState(null, '', '/elsewhere');`,
  });
}
