// The cost of the requests of a phase: a chain of requests costs a round trip for each request, parallel requests cost a single round trip.

/** The longest chain of requests of which each arrived after the one before it was answered. */
export function chain(requests) {
  const sorted = [...requests].sort((a, b) => a.arrived - b.arrived);
  const lengths = [];
  for (const [at, request] of sorted.entries()) {
    const before = sorted.slice(0, at).map((other, index) => (other.answered <= request.arrived ? lengths[index] : 0));
    lengths.push(1 + Math.max(0, ...before));
  }
  return Math.max(0, ...lengths);
}

/** `discovery → token ∥ jwks`: an arrow before a request that arrived when all before it were answered. */
export function describe(requests) {
  const sorted = [...requests].sort((a, b) => a.arrived - b.arrived);
  let text = '';
  for (const [at, request] of sorted.entries()) {
    const waited = sorted.slice(0, at).every((other) => other.answered <= request.arrived);
    text += at === 0 ? request.name : `${waited ? ' → ' : ' ∥ '}${request.name}`;
  }
  return text || '–';
}
