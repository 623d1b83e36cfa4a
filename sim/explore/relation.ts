/** What a server is in relation to the cluster, in a few bits: the same for every naming of servers. */

import type { Ledgers } from '../../invariants/ledgers/ledgers.ts';
import type { LogImage } from '../../invariants/ledgers/log-image.ts';
import { reigns, type ServerView } from '../../invariants/ledgers/server-view.ts';

/** Whom the others are held against. */
export interface Reference {
  readonly server: ServerView;
  /** The highest term of all servers. */
  readonly term: number;
}

/** The newest live leader; without one, the server with the most up-to-date log (§5.4.1). */
export function referenceOf({ servers, size, log }: Ledgers): Reference {
  let leader: ServerView | null = null;
  let best = servers[1]!;
  let term = 0;
  for (let node = 1; node <= size; node += 1) {
    const server = servers[node]!;
    if (server.issuedTerm > term) term = server.issuedTerm;
    if (!log.isUpToDate(best.issued.tip, server.issued.tip)) best = server;
    if (!server.isUp || !reigns(server)) continue;
    if (leader === null || server.reignTerm > leader.reignTerm) leader = server;
  }
  return { server: leader ?? best, term };
}

/** How many bits a relation has. */
export const RELATION_BITS = 11;

/**
 * Eleven bits: up, paused, down or halted; its role; how far its term is behind; the shape of its
 * log; whether it lacks something committed, and has something that is not.
 */
export function relationOf(server: ServerView, reference: Reference, ledgers: Ledgers): number {
  const { commits } = ledgers;
  const { issued } = server;
  const behind = Math.min(2, reference.term - server.issuedTerm);
  const lacks = issued.at(commits.last) === commits.idAt(commits.last) ? 0 : 1;
  const hasTail = issued.last > commits.last ? 1 : 0;
  return (
    statusOf(server) |
    (roleOf(server) << 2) |
    (behind << 4) |
    (shapeOf(issued, reference.server.issued) << 6) |
    (lacks << 9) |
    (hasTail << 10)
  );
}

function statusOf(server: ServerView): number {
  if (!server.isUp) return 2;
  if (server.haltReason !== null) return 3;
  return server.isPaused ? 1 : 0;
}

/** Going by what it did: leader 2, candidate 1, follower 0. */
function roleOf(server: ServerView): number {
  if (!server.isUp) return 0;
  if (reigns(server)) return 2;
  return server.issuedVote === server.node ? 1 : 0;
}

/** Equal 0, a prefix 1, longer by a tail 2; divergent and shorter 3, as long 4, longer 5. */
function shapeOf(log: LogImage, other: LogImage): number {
  if (log.tip === other.tip) return 0;
  if (log.last < other.last) return other.at(log.last) === log.tip ? 1 : 3;
  if (log.last === other.last) return 4;
  return log.at(other.last) === other.tip ? 2 : 5;
}
