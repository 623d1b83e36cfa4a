/** Times and numbers as they stand in stories and reasons. */

/** "1,519 ms". */
export function milliseconds(us: number): string {
  return `${grouped(Math.round(us / 1_000))} ms`;
}

/** "3,118". */
export function grouped(value: number): string {
  return value.toLocaleString('en');
}

/** "1 crash", "3 servers". */
export function amount(count: number, one: string, several: string): string {
  return count === 1 ? `1 ${one}` : `${grouped(count)} ${several}`;
}
