/** Delta debugging over a list: which items can go. */

/**
 * Takes away as many items as `holds` allows, in lots of half the list, a quarter and so on, down to
 * single ones, until no single one can go. `holds` says whether the rest is still good, and is
 * called with the items in their order. The list itself is taken to be good.
 */
export async function minimizeList<T>(
  items: readonly T[],
  holds: (rest: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let kept = items;
  let lot = kept.length;
  while (lot >= 1 && kept.length > 0) {
    const before = kept.length;
    let start = 0;
    while (start < kept.length) {
      const rest = [...kept.slice(0, start), ...kept.slice(start + lot)];
      if (await holds(rest)) kept = rest;
      else start += lot;
    }
    if (lot > 1) lot = Math.min(Math.ceil(lot / 2), Math.max(1, kept.length));
    else if (kept.length === before) break;
  }
  return kept;
}
