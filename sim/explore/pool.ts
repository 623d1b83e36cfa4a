/** The plans that a search has kept, because they reached states that no run before them had. */
import type { Plan } from '../kernel/plan.ts';
import type { Coverage } from './coverage.ts';
import type { Luck } from './luck.ts';
import type { RunStates } from './state-set.ts';

export interface Kept {
  /** Place of its run in the campaign; of equally interesting plans the later one stays. */
  readonly position: number;
  readonly plan: Plan;
  /** Of the states that it was the first to reach, up to so many, and when it reached them. */
  readonly states: RunStates;
  /** Server events of its run: what one more like it costs. */
  readonly events: number;
  /** How often it was chosen. */
  chosen: number;
  /** How interesting it is, a whole number from 0. */
  score: number;
}

const PLANS_MAX = 256;
const STATES_KEPT = 32;
/** A state that a single run has reached is worth this much, one that two have half of it … */
const RAREST = 65_536;

export class Pool {
  private kept: Kept[] = [];

  /** Plans that stay; between two settlements there may be more. */
  get size(): number {
    return Math.min(PLANS_MAX, this.kept.length);
  }

  /** Keeps a plan that has reached new states; `fresh` are their places in `states`. */
  add(run: Pick<Kept, 'position' | 'plan' | 'events'>, states: RunStates, fresh: number[]): void {
    const places = fresh.slice(0, STATES_KEPT);
    const { keys, timesMs } = states;
    const picked = {
      keys: Int32Array.from(places, (place) => keys[place]!),
      timesMs: Uint32Array.from(places, (place) => timesMs[place]!),
    };
    this.kept.push({ ...run, states: picked, chosen: 0, score: 0 });
  }

  /** Between two generations: what is rare has changed, and the least interesting plans go. */
  settle(coverage: Coverage): void {
    for (const one of this.kept) one.score = scoreOf(one, coverage);
    if (this.kept.length <= PLANS_MAX) return;
    this.kept.sort((a, b) => b.score - a.score || b.position - a.position);
    this.kept.length = PLANS_MAX;
    this.kept.sort((a, b) => a.position - b.position);
  }

  /** One of the plans, the likelier the more interesting it is. Not of an empty pool. */
  choose(luck: Luck): Kept {
    let sum = 0;
    for (const { score } of this.kept) sum += score + 1;
    let place = luck.below(sum);
    for (const one of this.kept) {
      place -= one.score + 1;
      if (place < 0) return one;
    }
    return this.kept.at(-1)!;
  }
}

/** Rare states count for more, plans that were changed often already for less. */
function scoreOf({ states, chosen }: Kept, coverage: Coverage): number {
  let rarity = 0;
  for (const key of states.keys) rarity += Math.floor(RAREST / Math.max(1, coverage.countOf(key)));
  return Math.floor(rarity / (1 + chosen));
}

/** Virtual time at which a kept plan reached the rarest of its states. */
export function frontierUsOf({ states }: Kept, coverage: Coverage): number {
  let rarest = 0;
  for (let i = 1; i < states.keys.length; i += 1) {
    if (coverage.countOf(states.keys[i]!) < coverage.countOf(states.keys[rarest]!)) rarest = i;
  }
  return states.timesMs[rarest]! * 1000;
}
