/** Choices of a search, from a named stream: equal for equal names on every machine. */
import seedrandom from 'seedrandom';

export class Luck {
  private readonly draw: () => number;

  constructor(name: string) {
    this.draw = seedrandom.alea(name);
  }

  /** A whole number in [0, count). */
  below(count: number): number {
    return Math.floor(this.draw() * count);
  }

  /** A whole number in [min, max]. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  /** True in this many of a hundred draws. */
  percent(share: number): boolean {
    return this.below(100) < share;
  }

  /** One of the items; the list is not empty. */
  one<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}
