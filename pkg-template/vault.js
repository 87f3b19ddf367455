// The page's side of `tokenStorage: "worker"`: starts the worker that keeps the tokens, and sends requests through it. The skin imports this
// file where the option says so. No token comes here.

/** Milliseconds in which the worker has to load. */
const TO_LOAD = 10_000;
/** Milliseconds between two questions for a sign of life while the page waits for the worker, and how many may stay without an answer: a page that
 *  thaws may ask before it hears. */
const BEAT = 3000;
const MAX_MISSED = 3;

let given;
let starting;
let numbers = 0;
/** The requests under way by their number: what waits for the next message, and the stream of the body. */
const running = new Map();
let beating;
let missed = 0;

/** Milliseconds after which the worker hears of the end of a login, whatever is still read: a stream may have no end. */
const LATEST_END = 5000;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The bodies of requests that are read before they are sent. */
const preparing = new Set();

/** Calls a function for each body that its page has let go of unread. */
const abandoned = new FinalizationRegistry((end) => end());

function create(url) {
  if (url !== undefined) return new Worker(url, { type: "module" });
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}

function open(url) {
  return new Promise((resolve, reject) => {
    const worker = create(url);
    const fail = (why) => {
      worker.terminate();
      reject(new Error(why));
    };
    const late = setTimeout(fail, TO_LOAD, "The worker did not start in time.");
    worker.onerror = (event) => {
      event.preventDefault();
      clearTimeout(late);
      fail(event.message || "The file of the worker could not be loaded.");
    };
    worker.onmessage = ({ data }) => {
      clearTimeout(late);
      if (!data.isReady) {
        fail("The worker has no WebCrypto: serve the page over https or from localhost.");
        return;
      }
      worker.onerror = null;
      worker.onmessage = hear;
      given = url;
      resolve(worker);
    };
  });
}

/** Starts the worker, or gives the one that runs. A URL from which no worker could be started is forgotten. */
export function start(url = given) {
  starting ??= open(url).catch((error) => {
    starting = undefined;
    throw error;
  });
  return starting;
}

function hear({ data }) {
  missed = 0;
  const work = running.get(data.id);
  if (!work) return;
  work.isWaiting = false;
  const { error, head, done, chunk } = { __proto__: null, ...data };
  if (error !== undefined) work.fail(new TypeError(error || "The request failed in the worker."));
  else if (head) work.begin(head);
  else if (done) work.end();
  else work.chunk(chunk);
}

/** Asks for a sign of life as long as something waits. A worker that was stopped tells no page of it. */
function watch(worker) {
  beating ??= setInterval(() => {
    const isWaiting = [...running.values()].some((work) => work.isWaiting);
    missed += 1;
    if (isWaiting && missed <= MAX_MISSED) {
      worker.postMessage({ wants: "sign of life" });
      return;
    }
    clearInterval(beating);
    beating = undefined;
    missed = 0;
    if (!isWaiting) return;
    worker.terminate();
    starting = undefined;
    for (const work of [...running.values()]) work.fail(new TypeError("The worker that keeps the tokens has stopped."));
  }, BEAT);
}

/**
 * The platform's `fetch`, in the worker. `places` come with the code of a login: the endpoints and origins that its tokens may go to, as JSON.
 * `given` of the request is the body as the app gave it: WebKit reads no form with a file out of a Request, so the worker makes the form anew.
 * In place of a request, the handle of a token says that its login is over.
 */
export async function send(request, places) {
  if (typeof request === "string") {
    // After the requests whose bodies are still read: they began before the end.
    if (preparing.size) {
      await Promise.race([Promise.allSettled(preparing), pause(LATEST_END)]);
      await pause(0);
    }
    return starting?.then((worker) => worker.postMessage({ ended: request }), () => {});
  }
  const { url, method, mode, credentials, cache, referrerPolicy, integrity, signal } = request;
  signal.throwIfAborted();
  const worker = await start();
  const form = request.given instanceof FormData && [...request.given];
  // It names the boundary of the old form.
  if (form) request.headers.delete("content-type");
  const hasBody = !form && !request.bodyUsed && method !== "GET" && method !== "HEAD";
  // A stream may have no end.
  const aborted = hasBody && new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const reading = hasBody && Promise.race([request.blob(), aborted]);
  if (reading) preparing.add(reading);
  const body = reading && (await reading.finally(() => preparing.delete(reading)));
  signal.throwIfAborted();
  const sent = form || (body && body.size ? body : null);
  const init = { url, method, mode, credentials, cache, referrerPolicy, integrity, headers: [...request.headers], body: sent };
  const id = (numbers += 1);
  return new Promise((resolve, reject) => {
    /** What holds these two holds the answer. */
    let settle = { resolve, reject };
    /** The source of the body, weak: it lives as long as the page has the body or waits for a chunk of it. */
    let streaming;
    const stream = () => streaming?.deref()?.controller;
    let pulled;
    const work = { isWaiting: true };
    const post = (message, isWaiting) => {
      work.isWaiting = isWaiting;
      worker.postMessage({ id, ...message });
      if (isWaiting) watch(worker);
    };
    const abort = () => {
      post({ wants: "abort" }, false);
      work.fail(signal.reason);
    };
    const close = () => {
      running.delete(id);
      signal.removeEventListener("abort", abort);
    };
    const cancel = () => {
      if (!running.has(id)) return;
      post({ wants: "abort" }, false);
      close();
    };
    work.fail = (error) => {
      close();
      settle?.reject(error);
      stream()?.error(error);
      pulled?.();
    };
    work.end = () => {
      close();
      stream()?.close();
      pulled();
    };
    work.chunk = (chunk) => {
      stream()?.enqueue(chunk);
      pulled();
      // What is kept of it would keep the body.
      pulled = undefined;
    };
    work.begin = ({ status, statusText, headers, hasBody, url: from }) => {
      if (!hasBody) close();
      const source = {
        __proto__: null,
        start(controller) {
          this.controller = controller;
        },
        pull: () =>
          new Promise((settle) => {
            pulled = settle;
            post({ wants: "chunk" }, true);
          }),
        cancel,
      };
      const bodyOf = hasBody ? new ReadableStream(source, { __proto__: null, highWaterMark: 0 }) : null;
      streaming = new WeakRef(source);
      // Browsers make new objects for a stream and its controller, so that the end of one says nothing. The source is an object of this file.
      abandoned.register(source, cancel);
      settle.resolve(Object.defineProperty(new Response(bodyOf, { status, statusText, headers }), "url", { __proto__: null, value: from }));
      settle = undefined;
    };
    running.set(id, work);
    signal.addEventListener("abort", abort);
    post({ request: init, places: places === undefined ? undefined : JSON.parse(places) }, true);
  });
}
