/** Faults of links that hold messages up, and faults that pick messages by their kind. */
import type { Fate } from './fate.ts';
import { LINK_BASE } from './link.ts';

interface Rule {
  readonly links: readonly number[];
  readonly kind: string;
  readonly how: 'drop' | 'delay' | 'duplicate';
  readonly delayUs: number;
  /** null: until the heal. */
  readonly untilUs: number | null;
}

export class Interference {
  /** Some link is held up, or some kind is picked: asked for every message, so a plain field. */
  isActive = false;
  private readonly cloggedUntilUs: number[] = new Array(LINK_BASE * LINK_BASE).fill(0);
  private rules: Rule[] = [];

  /** What is sent on these links from now on comes at `untilUs`, all at once and in order. */
  clog(links: readonly number[], untilUs: number): void {
    this.isActive = true;
    for (const link of links) {
      this.cloggedUntilUs[link] = Math.max(this.cloggedUntilUs[link]!, untilUs);
    }
  }

  pick(rule: Rule): void {
    this.isActive = true;
    this.rules.push(rule);
  }

  end(): void {
    this.isActive = false;
    this.cloggedUntilUs.fill(0);
    this.rules = [];
  }

  /** Every rule that matches does its part. */
  bend(fate: Fate, link: number, kind: string, nowUs: number): void {
    for (const rule of this.rules) {
      if (rule.untilUs !== null && nowUs >= rule.untilUs) continue;
      if (rule.kind !== kind || !rule.links.includes(link)) continue;
      if (rule.how === 'drop') {
        fate.copies = 0;
      } else if (rule.how === 'delay') {
        fate.delayUs += rule.delayUs;
        fate.secondDelayUs += rule.delayUs;
      } else if (fate.copies === 1) {
        fate.copies = 2;
        fate.secondDelayUs = fate.delayUs + rule.delayUs;
      }
    }
  }

  /** How long a message that is sent now is held up; 0: not at all. */
  heldUs(link: number, nowUs: number): number {
    return Math.max(0, this.cloggedUntilUs[link]! - nowUs);
  }
}
