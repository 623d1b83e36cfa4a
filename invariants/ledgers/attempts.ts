/** Every attempt at a command: which life of which server it was handed to, and what came of it. */
import type { Outcome } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';

export interface Attempt {
  readonly id: string;
  /** Number of the command. */
  readonly payload: number;
  readonly node: NodeId;
  readonly boot: number;
  /** null until that life has answered. */
  outcome: Outcome | null;
}

export class Attempts {
  /** By node: handed to its present life and not answered yet. */
  readonly open: number[] = new Array<number>(8).fill(0);
  private readonly list: Attempt[] = [];
  private readonly byId = new Map<string, Attempt>();

  /** Returns the number of the attempt, from 1. */
  hand(id: string, payload: number, node: NodeId, boot: number): number {
    const attempt: Attempt = { id, payload, node, boot, outcome: null };
    this.list.push(attempt);
    this.byId.set(id, attempt);
    this.open[node]! += 1;
    return this.list.length;
  }

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
    return this.list.find((attempt) => {
      return attempt.node === node && attempt.boot === boot && attempt.outcome === null;
    });
  }
}
