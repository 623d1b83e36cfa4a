/** What the keys of a part hold, as one number per state, and what steps make of it. */
import { cellAfter, IMPOSSIBLE } from './effects.ts';
import type { Step } from './steps.ts';

export interface States {
  readonly initial: number;
  /** The state behind the step, or IMPOSSIBLE. */
  after(state: number, step: Step): number;
}

export function statesOf(cells: readonly number[]): States {
  return cells.length === 1 ? new OneCell(cells[0]!) : new ManyCells(cells);
}

/** The state of one key is its cell. */
class OneCell implements States {
  readonly initial: number;

  constructor(cell: number) {
    this.initial = cell;
  }

  after(state: number, { effects }: Step): number {
    return cellAfter(state, effects[0]!);
  }
}

/** States are numbered as they are met. */
class ManyCells implements States {
  readonly initial = 0;
  private readonly all: Int32Array[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(cells: readonly number[]) {
    this.number(Int32Array.from(cells));
  }

  after(state: number, { effects }: Step): number {
    const before = this.all[state]!;
    let changed: Int32Array | null = null;
    for (let i = 0; i < effects.length; i += 1) {
      const effect = effects[i]!;
      const cell = cellAfter(before[effect.key]!, effect);
      if (cell === IMPOSSIBLE) return IMPOSSIBLE;
      if (cell === before[effect.key]) continue;
      changed ??= before.slice();
      changed[effect.key] = cell;
    }
    return changed === null ? state : this.number(changed);
  }

  private number(cells: Int32Array): number {
    const name = cells.join();
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const number = this.all.push(cells) - 1;
    this.numbers.set(name, number);
    return number;
  }
}
