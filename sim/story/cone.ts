/** How near each step is to another one, by what caused it: messages, writes, and its own server. */
import { isStep, type StepRecord, type TraceRecord } from '../trace/format.ts';

/** What a step of the same server tells is often of no matter: a message from another one is. */
const SAME_SERVER = 3;
const CAUSED = 1;
const FAR = Number.POSITIVE_INFINITY;

export class Cone {
  private readonly steps: readonly StepRecord[];
  /** By step, from 1: the one before it on its server, 0 for none. */
  private readonly before: readonly number[];

  constructor(records: readonly TraceRecord[]) {
    this.steps = records.filter(isStep);
    const last: number[] = [];
    this.before = [
      0,
      ...this.steps.map(({ n, i }) => {
        const previous = last[n] ?? 0;
        last[n] = i;
        return previous;
      }),
    ];
  }

  /** By step: how far it is from being a cause of `target`; Infinity when it is none. */
  leadingTo(target: number): number[] {
    const costs = this.far();
    if (target < 1 || target > this.steps.length) return costs;
    costs[target] = 0;
    for (let step = target; step > 0; step -= 1) {
      const cost = costs[step]!;
      if (cost === FAR) continue;
      for (const [cause, weight] of this.causesOf(step)) {
        if (cause > 0) costs[cause] = Math.min(costs[cause]!, cost + weight);
      }
    }
    return costs;
  }

  /** By step: how far it is from being an effect of `origin`; Infinity when it is none. */
  followingFrom(origin: number): number[] {
    const costs = this.far();
    if (origin < 1 || origin > this.steps.length) return costs;
    costs[origin] = 0;
    for (let step = origin + 1; step <= this.steps.length; step += 1) {
      for (const [cause, weight] of this.causesOf(step)) {
        if (cause >= origin) costs[step] = Math.min(costs[step]!, costs[cause]! + weight);
      }
    }
    return costs;
  }

  private causesOf(step: number): readonly (readonly [number, number])[] {
    const { cause, k } = this.steps[step - 1]!;
    const own = [this.before[step]!, SAME_SERVER] as const;
    return k === 'fired' ? [own] : [own, [cause, CAUSED]];
  }

  private far(): number[] {
    return new Array<number>(this.steps.length + 1).fill(FAR);
  }
}
