/** Who voted for whom, over the whole run and across restarts: 8 places per term. */
import type { NodeId, Term } from '../../core/messages.ts';
import { IntVector } from './int-vector.ts';

export class Votes {
  /** By term and voter: candidate + 8 * boot of the voter, once the grant was sent. */
  private readonly granted = new IntVector(512);
  /** By term and voter: the candidate, once the vote was durable. */
  private readonly durable = new IntVector(512);
  /** By term: bit per server that sent RequestVote. */
  private readonly candidates = new IntVector();

  /** Whom this voter has told that it has its vote; 0 for nobody. A reign is a vote for oneself. */
  grantOf(term: Term, voter: NodeId): NodeId {
    return this.granted.get(term * 8 + voter) & 7;
  }

  /** In which life of the voter. */
  grantBoot(term: Term, voter: NodeId): number {
    return this.granted.get(term * 8 + voter) >> 3;
  }

  grant(term: Term, voter: NodeId, candidate: NodeId, boot: number): void {
    this.granted.set(term * 8 + voter, candidate + 8 * boot);
  }

  /** The vote that was durable at some time; 0 for none. */
  durableVote(term: Term, voter: NodeId): NodeId {
    return this.durable.get(term * 8 + voter);
  }

  makeDurable(term: Term, voter: NodeId, candidate: NodeId): void {
    if (candidate !== 0) this.durable.set(term * 8 + voter, candidate);
  }

  /** A server stands for election; false when it has done so in this term before. */
  stand(term: Term, candidate: NodeId): boolean {
    const before = this.candidates.get(term);
    this.candidates.set(term, before | (1 << candidate));
    return (before & (1 << candidate)) === 0;
  }

  /** Bit per server that stood in this term. */
  candidatesOf(term: Term): number {
    return this.candidates.get(term);
  }

  /** Bit per server whose vote this candidate has: its own durable one, and the grants sent. */
  votersFor(term: Term, candidate: NodeId, size: number): number {
    let voters = this.durableVote(term, candidate) === candidate ? 1 << candidate : 0;
    for (let voter = 1; voter <= size; voter += 1) {
      if (voter !== candidate && this.grantOf(term, voter) === candidate) voters |= 1 << voter;
    }
    return voters;
  }
}

/** How many servers are in a set of bits. */
export function countServers(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** The servers of a set of bits, as text: "S1, S3". */
export function listServers(bits: number): string {
  const names: string[] = [];
  for (let node = 1; node < 31; node += 1) if ((bits & (1 << node)) !== 0) names.push(`S${node}`);
  return names.length === 0 ? 'nobody' : names.join(', ');
}
