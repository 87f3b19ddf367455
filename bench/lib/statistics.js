// Medians, because a shared machine gives outliers. Ratios within one round, because the speed of the machine changes between rounds.

export const median = (values) => quantile(values, 0.5);

export function quantile(values, part) {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  if (!sorted.length) return undefined;
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at - Math.floor(at));
}

/** { median, low, high } with the quartiles as low and high; undefined without values. */
export function summary(values) {
  const middle = median(values);
  return middle === undefined ? undefined : { median: middle, low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/** The median of value / base over the rounds in which both were measured. */
export function ratio(values, base) {
  return median(values.map((value, round) => value / base[round]));
}
