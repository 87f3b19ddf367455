/** The milliseconds of the epoch with a fraction, comparable with `performance.timeOrigin + performance.now()` of a page. */
export const now = () => performance.timeOrigin + performance.now();
