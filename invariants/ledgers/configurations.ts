/**
 * Every configuration that was ever seen, by number; 0 is the one that the cluster was started with.
 * Sets of servers are bits, `1 << node`. A quorum is a majority of the voters, while joint of both
 * halves (§6); learners and strangers in a set do not count.
 */
import type { Configuration, NodeId } from '../../core/messages.ts';
import { countServers, listServers } from './votes.ts';

interface Members {
  readonly voters: number;
  /** C_new while joint; 0 otherwise. */
  readonly newVoters: number;
  readonly isJoint: boolean;
  readonly learners: number;
}

/** Sets of servers that exist: nodes 1 to 7. */
const EVERYBODY = 0xfe;

export class Configurations {
  private readonly known: Members[] = [];

  /** At the start, servers 1 … members vote. */
  constructor(members: number) {
    const voters = (1 << (members + 1)) - 2;
    this.known.push({ voters, newVoters: 0, isJoint: false, learners: 0 });
  }

  /** Numbers below this are in use. */
  get count(): number {
    return this.known.length;
  }

  /** Equal configurations have equal numbers. */
  numberOf({ voters, newVoters, learners }: Configuration): number {
    const isJoint = newVoters !== null;
    return this.intern({
      voters: bitsOf(voters),
      newVoters: isJoint ? bitsOf(newVoters) : 0,
      isJoint,
      learners: bitsOf(learners),
    });
  }

  isJoint(number: number): boolean {
    return this.known[number]!.isJoint;
  }

  /** Is it that other one, or joint on the way to it? */
  leadsTo(number: number, target: number): boolean {
    const { newVoters, isJoint, learners } = this.known[number]!;
    const goal = this.known[target]!;
    if (!isJoint) return number === target;
    return !goal.isJoint && newVoters === goal.voters && learners === goal.learners;
  }

  /** Bit per server that votes, in either half. */
  votersOf(number: number): number {
    const { voters, newVoters } = this.known[number]!;
    return voters | newVoters;
  }

  /** Bit per server that gets the log and does not count. */
  learnersOf(number: number): number {
    return this.known[number]!.learners;
  }

  /** Voters and learners. */
  membersOf(number: number): number {
    return this.votersOf(number) | this.learnersOf(number);
  }

  /** Can these servers together elect a leader, and commit? */
  isQuorum(number: number, servers: number): boolean {
    const { voters, newVoters, isJoint } = this.known[number]!;
    if (!isMajority(servers, voters)) return false;
    return !isJoint || isMajority(servers, newVoters);
  }

  /**
   * Is one of these servers in every quorum? Of an even number of voters half is enough; while joint
   * it is enough to be in every majority of one half.
   */
  intersectsEveryQuorum(number: number, servers: number): boolean {
    return (servers & this.votersOf(number)) !== 0 && !this.isQuorum(number, ~servers);
  }

  /** A quorum in which each voter is needed. */
  isBareQuorum(number: number, servers: number): boolean {
    if (!this.isQuorum(number, servers)) return false;
    for (let rest = servers & this.votersOf(number); rest !== 0; rest &= rest - 1) {
      if (this.isQuorum(number, servers & ~(rest & -rest))) return false;
    }
    return true;
  }

  /** While joint: a majority of one half, and not of the other? */
  isOneHalf(number: number, servers: number): boolean {
    const { voters, newVoters, isJoint } = this.known[number]!;
    return isJoint && isMajority(servers, voters) !== isMajority(servers, newVoters);
  }

  /** How many servers vote, in either half. */
  sizeOf(number: number): number {
    return countServers(this.votersOf(number));
  }

  /** Has every quorum of one a server in common with every quorum of the other? */
  doIntersect(a: number, b: number): boolean {
    return a === b || !this.canPart(a, EVERYBODY, b, EVERYBODY);
  }

  /** Is there a quorum of `a` among those servers, and one of `b` among these that has none of it? */
  canPart(a: number, amongA: number, b: number, amongB: number): boolean {
    const those = amongA & EVERYBODY;
    for (let servers = those; servers !== 0; servers = (servers - 1) & those) {
      if (this.isQuorum(a, servers) && this.isQuorum(b, amongB & ~servers)) return true;
    }
    return false;
  }

  /** "S1, S2, S3", or "S1, S2 and S2, S3, jointly (learners: S4)". */
  describe(number: number): string {
    const { voters, newVoters, isJoint, learners } = this.known[number]!;
    const halves = isJoint ? ` and ${listServers(newVoters)}, jointly` : '';
    const others = learners === 0 ? '' : ` (learners: ${listServers(learners)})`;
    return `${listServers(voters)}${halves}${others}`;
  }

  /** "S1, S4: 1 of 3, and 2 are needed"; while joint for each half. */
  tally(number: number, servers: number): string {
    const { voters, newVoters, isJoint } = this.known[number]!;
    const names = listServers(servers & this.votersOf(number));
    if (!isJoint) return `${names}: ${share(servers, voters)}`;
    return `${names}: ${share(servers, voters)} in C_old, ${share(servers, newVoters)} in C_new`;
  }

  /** "S1, S4: 1 of 3, and 2 are needed" to be in every quorum. */
  tallyCopies(number: number, servers: number): string {
    const { voters, newVoters, isJoint } = this.known[number]!;
    if (!isJoint) return `${listServers(servers)}: ${copiesOf(servers, voters)}`;
    const halves = `${copiesOf(servers, voters)} in C_old, or ${copiesOf(servers, newVoters)} in C_new`;
    return `${listServers(servers)}: ${halves}`;
  }

  private intern(members: Members): number {
    const { voters, newVoters, isJoint, learners } = members;
    for (let number = 0; number < this.known.length; number += 1) {
      const other = this.known[number]!;
      if (other.voters !== voters || other.newVoters !== newVoters) continue;
      if (other.isJoint === isJoint && other.learners === learners) return number;
    }
    return this.known.push(members) - 1;
  }
}

function isMajority(servers: number, voters: number): boolean {
  return 2 * countServers(servers & voters) > countServers(voters);
}

function share(servers: number, voters: number): string {
  const all = countServers(voters);
  return `${countServers(servers & voters)} of ${all}, and ${(all >> 1) + 1} are needed`;
}

function copiesOf(servers: number, voters: number): string {
  const all = countServers(voters);
  return `${countServers(servers & voters)} of ${all}, and ${(all + 1) >> 1} are needed`;
}

/** Names that no server has count as voters that never vote. */
function bitsOf(nodes: readonly NodeId[]): number {
  let bits = 0;
  for (const node of nodes) if (node >= 1 && node <= 30) bits |= 1 << node;
  return bits;
}
