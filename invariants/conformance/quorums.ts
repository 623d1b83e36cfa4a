/** Who votes in a configuration, and what a majority of each of its halves makes of it (§6). */
import type { Configuration, LogIndex, NodeId } from '../../core/messages.ts';

/** Of a cluster that nobody has changed yet; `members` 0: of a server that knows of no cluster. */
export function bootstrapOf(members: number): Configuration {
  const voters = Array.from({ length: members }, (_, i) => i + 1);
  return { voters, newVoters: null, learners: [] };
}

/** C_old, and while joint C_new. */
export function halvesOf({ voters, newVoters }: Configuration): readonly (readonly NodeId[])[] {
  return newVoters === null ? [voters] : [voters, newVoters];
}

export function isVoterIn({ voters, newVoters }: Configuration, node: NodeId): boolean {
  return voters.includes(node) || (newVoters?.includes(node) ?? false);
}

export function isMemberOf(configuration: Configuration, node: NodeId): boolean {
  return isVoterIn(configuration, node) || configuration.learners.includes(node);
}

/** Votes that elect a leader among so many. */
export function majorityOf(count: number): number {
  return (count >> 1) + 1;
}

/** Copies that intersect every majority: of an even number one less than a majority. */
export function copiesMinOf(count: number): number {
  return count - majorityOf(count) + 1;
}

/** How many of so many voters. */
export type Needed = (count: number) => number;

/** A majority of each half is among these servers, bit per server. */
export function isQuorum(configuration: Configuration, servers: number): boolean {
  return isSatisfied(configuration, servers, majorityOf);
}

/** So many of each half are among these servers, bit per server. */
export function isSatisfied(
  configuration: Configuration,
  servers: number,
  needed: Needed,
): boolean {
  return halvesOf(configuration).every(
    (half) => half.length > 0 && countAmong(half, servers) >= needed(half.length),
  );
}

/**
 * Through here so many of each half have the log; `needed` says how many of a half, `matches` by
 * node how far each has it.
 */
export function countedThrough(
  configuration: Configuration,
  matches: readonly LogIndex[],
  needed: Needed,
): LogIndex {
  let counted = Number.POSITIVE_INFINITY;
  for (const half of halvesOf(configuration)) {
    const sorted = half.map((node) => matches[node] ?? 0).sort((a, b) => b - a);
    counted = Math.min(counted, sorted[needed(half.length) - 1] ?? 0);
  }
  return counted;
}

/** "2 of 3, and 2 are needed"; while joint "2 of 3 in C_old and 1 of 3 in C_new, and …". */
export function tallyWords(configuration: Configuration, servers: number, needed: Needed): string {
  const [old, fresh] = halvesOf(configuration);
  const share = (half: readonly NodeId[]) => `${countAmong(half, servers)} of ${half.length}`;
  if (fresh === undefined) return `${share(old!)}, and ${needed(old!.length)} are needed`;
  const both = `${share(old!)} in C_old and ${share(fresh)} in C_new`;
  return `${both}, and ${needed(old!.length)} and ${needed(fresh.length)} are needed`;
}

function countAmong(nodes: readonly NodeId[], servers: number): number {
  let count = 0;
  for (const node of nodes) if ((servers & (1 << node)) !== 0) count += 1;
  return count;
}
