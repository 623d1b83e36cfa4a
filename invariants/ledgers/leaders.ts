/** The leader of each term: the life of a server that first acted as such, and its log then. */
import type { NodeId, Term } from '../../core/messages.ts';
import type { EraId } from './eras.ts';
import { IntVector } from './int-vector.ts';
import type { LogId } from './log-ledger.ts';
import type { Renumbering } from './renumbering.ts';

export class Leaders {
  /** Highest term with a leader. */
  newestTerm: Term = 0;
  /** Terms that have a leader, in the order in which the leaders appeared. */
  readonly terms: Term[] = [];
  /** Bit per server that has led. */
  haveLed = 0;
  /** By term: node + 8 * boot; 0 for no leader. */
  private readonly lives = new IntVector();
  /** By term: the tip of its log at the election. */
  private readonly tips = new IntVector();
  /** By term: the era of that log. */
  private readonly eras = new IntVector();
  /** By term: bit per server whose vote it had. */
  private readonly voters = new IntVector();

  /** The leader of this term; 0 while there is none. */
  nodeOf(term: Term): NodeId {
    return this.lives.get(term) & 7;
  }

  bootOf(term: Term): number {
    return this.lives.get(term) >> 3;
  }

  isLedBy(term: Term, node: NodeId, boot: number): boolean {
    return this.lives.get(term) === node + 8 * boot;
  }

  /** Its log when it was elected, without any entry of its own term. */
  electionTip(term: Term): LogId {
    return this.tips.get(term);
  }

  /** The era that its log had come to then. */
  electionEra(term: Term): EraId {
    return this.eras.get(term);
  }

  votersOf(term: Term): number {
    return this.voters.get(term);
  }

  renumber(renumbering: Renumbering): void {
    this.tips.renumber(renumbering);
  }

  add(term: Term, node: NodeId, boot: number, tip: LogId, era: EraId, voters: number): void {
    this.terms.push(term);
    this.haveLed |= 1 << node;
    this.lives.set(term, node + 8 * boot);
    this.tips.set(term, tip);
    this.eras.set(term, era);
    this.voters.set(term, voters);
    if (term > this.newestTerm) this.newestTerm = term;
  }
}
