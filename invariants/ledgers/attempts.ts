/** Every attempt at a command: which life of which server it was handed to, and what came of it. */
import type { Outcome } from '../../core/contract.ts';
import type { LogIndex, NodeId } from '../../core/messages.ts';

export interface Attempt {
  readonly id: string;
  /** Number of the command. */
  readonly payload: number;
  readonly node: NodeId;
  readonly boot: number;
  readonly handedUs: number;
  /** Number of the step in which it was handed over. */
  readonly step: number;
  /** What was committed anywhere when it was handed over. */
  readonly committedBefore: LogIndex;
  /** null until that life has answered. */
  outcome: Outcome | null;
}

/** So many attempts are kept before those that are answered, or never will be, are forgotten. */
const KEPT_MIN = 256;

export class Attempts {
  /** By node: handed to its present life and not answered yet. */
  readonly open: number[] = new Array<number>(8).fill(0);
  /** By node: its newest life that was handed anything. */
  private readonly boots: number[] = new Array<number>(8).fill(0);
  private readonly byId = new Map<string, Attempt>();
  private keptMax = KEPT_MIN;

  hand(attempt: Attempt): void {
    if (this.byId.size >= this.keptMax) this.forgetAnswered();
    this.byId.set(attempt.id, attempt);
    if (attempt.boot > this.boots[attempt.node]!) this.boots[attempt.node] = attempt.boot;
    this.open[attempt.node]! += 1;
  }

  /** undefined for what was never handed to anybody, or was answered long ago. */
  find(id: string): Attempt | undefined {
    return this.byId.get(id);
  }

  answer(attempt: Attempt, outcome: Outcome): void {
    attempt.outcome = outcome;
    this.open[attempt.node]! -= 1;
  }

  /** A life is over: nobody expects its answers any more. */
  forget(node: NodeId): void {
    this.open[node] = 0;
  }

  /** The oldest attempt that this life has not answered. */
  oldestOpen(node: NodeId, boot: number): Attempt | undefined {
    for (const attempt of this.byId.values()) {
      if (attempt.node === node && attempt.boot === boot && attempt.outcome === null)
        return attempt;
    }
    return undefined;
  }

  /** Commands that some life may still answer, by number. */
  *pending(): IterableIterator<number> {
    for (const { outcome, payload } of this.byId.values()) if (outcome === null) yield payload;
  }

  private forgetAnswered(): void {
    for (const { id, node, boot, outcome } of this.byId.values()) {
      if (outcome !== null || boot < this.boots[node]!) this.byId.delete(id);
    }
    this.keptMax = Math.max(KEPT_MIN, 2 * this.byId.size);
  }
}
