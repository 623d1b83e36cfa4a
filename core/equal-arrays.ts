/** The same items in the same order. */
export function equalArrays<Item>(
  a: readonly Item[],
  b: readonly Item[],
  isEqual: (left: Item, right: Item) => boolean,
): boolean {
  return a.length === b.length && a.every((item, at) => isEqual(item, b[at]!));
}
