/**
 * What still has to move before a cluster has settled, as numbers that only rise. Rising terms are
 * no progress, nor are the entries that one leader after the other adds to its own log: an endless
 * chain of elections must count as standing still.
 */
import type { LogIndex, NodeId, Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';

/** So often a new leader may begin again to find out where the logs agree. */
const RESTARTS_MAX = 2;

export class Potential {
  private readonly ledgers: Ledgers;
  private readonly core: readonly NodeId[];
  /** What was there when clients fell silent, and one no-op; what comes later is no progress. */
  private readonly cap: LogIndex;
  private settled = 0;
  private matched = 0;
  private leaderTerm: Term = 0;
  private restarts = 0;
  /** By follower: how far back its leader has probed, in this reign. */
  private readonly deepestProbe: number[] = new Array<number>(8).fill(0);

  constructor(ledgers: Ledgers, core: readonly NodeId[], cap: LogIndex) {
    this.ledgers = ledgers;
    this.core = core;
    this.cap = cap;
  }

  /** A leader sends AppendEntries that begins behind `prevLogIndex`. */
  noteProbe(term: Term, follower: NodeId, prevLogIndex: LogIndex): void {
    if (term !== this.leaderTerm) return;
    const depth = Math.max(0, this.cap - prevLogIndex);
    if (depth > this.deepestProbe[follower]!) this.deepestProbe[follower] = depth;
  }

  /** Has anything risen since the last call? `leader` is the newest one, 0 for none. */
  hasRisen(leader: NodeId): boolean {
    const hasSettledMore = this.hasSettledMore();
    if (hasSettledMore) this.restarts = 0;
    if (leader === 0) return hasSettledMore;
    const { reignTerm } = this.ledgers.server(leader);
    if (reignTerm !== this.leaderTerm) {
      this.leaderTerm = reignTerm;
      this.deepestProbe.fill(0);
      if (this.restarts < RESTARTS_MAX) {
        this.restarts += 1;
        this.matched = 0;
      }
    }
    return this.hasMatchedMore(leader) || hasSettledMore;
  }

  /** Committed and applied. */
  private hasSettledMore(): boolean {
    const { commits } = this.ledgers;
    // A change of configuration is progress, too, and its entries may come behind the cap.
    let settled = Math.min(commits.last, this.cap) + commits.configurations;
    for (const node of this.core) {
      settled += Math.min(this.ledgers.server(node).lastApplied, this.cap);
    }
    if (settled <= this.settled) return false;
    this.settled = settled;
    return true;
  }

  /** What followers have on disk of the leader's log, and how far it has looked for that point. */
  private hasMatchedMore(leader: NodeId): boolean {
    const { issued } = this.ledgers.server(leader);
    let matched = 0;
    for (const node of this.core) {
      const { durable } = this.ledgers.server(node);
      matched += Math.min(durable.commonPrefix(issued), this.cap) + this.deepestProbe[node]!;
    }
    if (matched <= this.matched) return false;
    this.matched = matched;
    return true;
  }
}
