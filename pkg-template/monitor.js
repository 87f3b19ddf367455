// The session monitor: a hidden frame with the provider's page of OpenID Connect Session Management. The skin imports this file with the
// first call of monitorSession(). It decides nothing about a session: the Rust code gives the question, and judges the answer.

/** The answers of the frame (section 3.1). A page in a frame may say other things, to other listeners. */
const ANSWERS = ["unchanged", "changed", "error"];
/** Seconds between two questions. */
const INTERVAL = 5;
const SHORTEST_INTERVAL = 1;
const LONGEST_INTERVAL = 3600;
/** The longest wait for the next try with a frame that gives no answer, in milliseconds. */
const LONGEST_PAUSE = 300_000;

/**
 * Asks the provider's frame, as long as the client has a session and the page is seen. `oauth` is the registry, whose events tell of
 * sessions. `fail` tells an error, because the call has returned. Returns a function that ends all of this.
 */
export function monitor(client, oauth, options, fail) {
  const seconds = options?.interval ?? INTERVAL;
  if (!Number.isFinite(seconds) || seconds < SHORTEST_INTERVAL || seconds > LONGEST_INTERVAL) {
    fail({
      code: "config_invalid",
      message: `"interval" must be a number of seconds from ${SHORTEST_INTERVAL} to ${LONGEST_INTERVAL}.`,
      remedy: `Leave interval out for ${INTERVAL} seconds.`,
    });
    return () => {};
  }
  const ending = new AbortController();
  const on = (target, names, heard) => {
    for (const name of names) target.addEventListener(name, heard, { __proto__: null, signal: ending.signal });
  };
  let place;
  let question;
  let frame;
  let timer;
  /** Whether the frame owes an answer. */
  let isAwaiting = false;
  let misses = 0;
  let isLooking = false;
  let isLate = false;
  /** Whether the page knows why the session that is here is not watched. */
  let isTold = false;

  function tell(fields) {
    if (!isTold) fail(fields);
    isTold = true;
  }

  /** Tells the Rust code what the frame has said, if it has, and goes on with the next question. */
  async function look(answer) {
    isLate = isLooking;
    if (isLooking) return;
    isLooking = true;
    try {
      await judge(answer);
    } catch (error) {
      // The metadata could not be had: the next look tries again.
      question = undefined;
      tell(error);
    }
    isLooking = false;
    if (ending.signal.aborted) return;
    if (!question) rest();
    else if (!frame) show();
    else wait();
    // A session began or ended meanwhile.
    if (isLate) look();
  }

  async function judge(answer) {
    let next = client.monitorSession(question, answer);
    if (next === true) {
      const refusal = await client.authorizePopup().then(() => undefined, (error) => error);
      // A monitor that was stopped meanwhile ends no session.
      if (ending.signal.aborted) return;
      // A fault that may pass says nothing about the person.
      next = client.monitorSession(question, refusal?.retryable ? undefined : refusal?.code);
      if (refusal && refusal.code !== "aborted" && client.isAuthenticated) tell(refusal);
    } else if (answer === "error") {
      tell({
        code: "not_supported_by_provider",
        phase: "logout",
        message: 'The check_session_iframe of the provider answered "error", so the session is not monitored any more.',
        remedy: "Ask the operator of the provider whether Session Management is enabled for this client and this origin.",
      });
    }
    if ((next || client.isAuthenticated) && !place) place = (await client.loadServerMetadata()).check_session_iframe;
    question = place && next;
    if (question || !client.isAuthenticated) return;
    tell({
      code: "not_supported_by_provider",
      phase: "logout",
      message: place
        ? "The session cannot be monitored: the response to the login had no session_state, or this page has given it up before."
        : "The session cannot be monitored: the provider's metadata has no check_session_iframe.",
      remedy: place
        ? "Ask for the scope openid, and ask the operator of the provider to enable Session Management for this client. If an earlier event error of this page told why the session was given up, mend that: the next login is watched again."
        : "Ask the operator of the provider whether it has OpenID Connect Session Management. Without it, do not call monitorSession().",
    });
  }

  function rest() {
    clearTimeout(timer);
    frame?.remove();
    frame = undefined;
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(ask, Math.min(seconds * 1000 * 2 ** misses, Math.max(LONGEST_PAUSE, seconds * 1000)));
  }

  function show() {
    rest();
    isAwaiting = true;
    frame = document.createElement("iframe");
    frame.hidden = true;
    frame.title = "Session";
    frame.sandbox = "allow-scripts allow-same-origin";
    frame.src = place;
    frame.onload = post;
    document.documentElement.append(frame);
    wait();
  }

  function post() {
    isAwaiting = true;
    frame?.contentWindow.postMessage(question, new URL(place).origin);
  }

  function ask() {
    if (document.hidden || isLooking || !question) return;
    if (isAwaiting) {
      // The page could not be loaded, for example.
      misses += 1;
      show();
    } else {
      post();
      wait();
    }
  }

  function wake() {
    if (document.hidden) return;
    misses = 0;
    if (frame) ask();
    else look();
  }

  on(window, ["message"], ({ data, origin, source }) => {
    const isOfFrame = frame && source === frame.contentWindow && origin === new URL(place).origin;
    if (!isOfFrame || !isAwaiting || isLooking || !ANSWERS.includes(data)) return;
    isAwaiting = false;
    misses = 0;
    look(data);
  });
  on(oauth, ["login", "logout"], ({ detail }) => {
    if (detail.name !== client.name) return;
    isTold = false;
    look();
  });
  on(document, ["visibilitychange"], wake);
  on(window, ["online"], wake);
  on(window, ["pagehide"], rest);
  on(window, ["pageshow"], ({ persisted }) => {
    if (persisted) look();
  });
  look();
  return () => {
    ending.abort();
    rest();
  };
}
