// Effects of the compiler of Svelte, outside of a component.

/** Notes each value that these functions give, again and again, until the end; and the status that a `$derived` takes out of the state. */
export function effects(reads, give) {
  const seen = {};
  const end = $effect.root(() => {
    for (const [key, read] of Object.entries(reads)) $effect.pre(() => { (seen[key] ??= []).push(read()); });
    if (give) {
      const { status } = $derived(give());
      $effect.pre(() => { (seen.derived ??= []).push(status); });
    }
  });
  return { seen, end };
}

/** Properties of a component that a test may change. */
export function changing(properties) {
  const props = $state(properties);
  return props;
}
