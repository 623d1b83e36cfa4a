/** What was seen of each key, and until when: what nobody has seen need not have happened. */
import { valueIn } from './effects.ts';
import type { Step } from './steps.ts';

const NEVER = Number.NEGATIVE_INFINITY;

export class Sightings {
  /** By key and value: the latest moment at which it was perhaps seen, us. */
  private readonly lastUs = new Map<string, number>();

  constructor(steps: readonly Step[]) {
    for (const step of steps) if (isDefinite(step)) this.noteReads(step, step.returnedUs);
    const others = steps.filter((step) => !isDefinite(step));
    // A step that perhaps happened has seen something only if what it left was seen, too.
    let isSettled = false;
    while (!isSettled) {
      isSettled = true;
      for (const step of others) if (this.noteReads(step, this.untilUs(step))) isSettled = false;
    }
  }

  /**
   * Until when it may matter that this step has happened; -Infinity when nobody has seen what it
   * leaves: any order of events with it is one without it as well.
   */
  untilUs({ effects }: Step): number {
    let untilUs = NEVER;
    for (const { key, writes } of effects) {
      if (writes === null) continue;
      untilUs = Math.max(untilUs, this.seenUs(key, valueIn(writes)));
    }
    return untilUs;
  }

  private noteReads({ effects }: Step, atUs: number): boolean {
    let isNew = false;
    for (const { key, reads } of effects) {
      if (reads === null || atUs <= this.seenUs(key, reads)) continue;
      this.lastUs.set(`${key}/${reads}`, atUs);
      isNew = true;
    }
    return isNew;
  }

  private seenUs(key: number, value: number): number {
    return this.lastUs.get(`${key}/${value}`) ?? NEVER;
  }
}

/** Its client was told that it happened. */
export function isDefinite({ returnedUs }: Step): boolean {
  return returnedUs < Number.POSITIVE_INFINITY;
}

/** Without the steps that perhaps happened, and left nothing that anybody has seen. */
export function withoutUnseen(steps: readonly Step[]): Step[] {
  const sightings = new Sightings(steps);
  return steps.filter((step) => isDefinite(step) || sightings.untilUs(step) > NEVER);
}
