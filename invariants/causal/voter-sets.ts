/**
 * Whose majority counts, as far as that can be told without looking into anything: the first
 * configuration, and whatever operators have asked for since. Whoever has a majority of any that may
 * be in force is believed.
 *
 * A configuration may be in force as soon as an operator asks for it. Once a change is answered with
 * ok, those that were there before it was asked for are over for whatever arrives later, unless they
 * were asked for and nobody knows what came of them.
 */
import type { NodeId } from '../../core/messages.ts';

interface VoterSet {
  readonly requestId: string;
  /** Bit per server that votes. */
  readonly voters: number;
  /** Bit per server that takes part, learners included. */
  readonly members: number;
  /** The era before which it was over for good; Infinity while it may be in force. */
  endedBy: number;
  isAnswered: boolean;
}

export class VoterSets {
  /** Rises whenever sets end. */
  era = 0;
  private readonly sets: VoterSet[] = [];

  constructor(members: number) {
    const voters = (1 << (members + 1)) - 2;
    this.sets.push(newSet('', voters, voters, true));
  }

  ask(requestId: string, voters: readonly NodeId[], learners: readonly NodeId[]): void {
    const bits = bitsOf(voters);
    this.sets.push(newSet(requestId, bits, bits | bitsOf(learners), false));
  }

  /** Returns whether it was a change of configuration that is answered. */
  answer(requestId: string, outcome: string): boolean {
    const place = this.sets.findIndex(
      (set) => set.requestId === requestId && set.endedBy === Infinity,
    );
    if (place <= 0) return false;
    const set = this.sets[place]!;
    set.isAnswered = true;
    if (outcome === 'redirect' || outcome === 'rejected') set.endedBy = 0;
    if (outcome !== 'ok') return true;
    for (let i = 0; i < place; i += 1) {
      const before = this.sets[i]!;
      if (before.isAnswered && before.endedBy === Infinity) before.endedBy = this.era + 1;
    }
    this.era += 1;
    return true;
  }

  /**
   * Are these servers, as bits, a majority of some set that may have been in force in the era
   * `since` or later? Of an even number half is enough where `isHalfEnough`.
   */
  isQuorum(servers: number, since: number, isHalfEnough: boolean): boolean {
    for (let i = this.sets.length - 1; i >= 0; i -= 1) {
      const { voters, endedBy } = this.sets[i]!;
      if (endedBy <= since) continue;
      if (countOf(servers & voters) >= neededOf(voters, isHalfEnough)) return true;
    }
    return false;
  }

  /** How many servers are needed at least, and of how many: of the newest set. */
  needed(isHalfEnough: boolean): number {
    return neededOf(this.newest.voters, isHalfEnough);
  }

  get votersCount(): number {
    return countOf(this.newest.voters);
  }

  /** Bits of the servers that take part in every set that may be in force. */
  get certainMembers(): number {
    let members = -1;
    for (const set of this.sets) if (set.endedBy === Infinity) members &= set.members;
    return members;
  }

  private get newest(): VoterSet {
    return this.sets.findLast(({ endedBy }) => endedBy === Infinity) ?? this.sets[0]!;
  }
}

function newSet(requestId: string, voters: number, members: number, isAnswered: boolean): VoterSet {
  return { requestId, voters, members, endedBy: Infinity, isAnswered };
}

function bitsOf(nodes: readonly NodeId[]): number {
  let bits = 0;
  for (const node of nodes) bits |= 1 << node;
  return bits;
}

/** How many bits are set. */
export function countOf(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

function neededOf(voters: number, isHalfEnough: boolean): number {
  const count = countOf(voters);
  return isHalfEnough ? (count + 1) >> 1 : (count >> 1) + 1;
}
