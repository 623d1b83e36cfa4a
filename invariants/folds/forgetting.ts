/**
 * What no verdict needs any more is forgotten, so that long runs cost no more than short ones. Only
 * what every server has compacted away behind a snapshot on its disk is: none can come back with it,
 * but for those that are gone for good. A server that is down since the beginning stops this, and so
 * does one that has nothing yet.
 */
import type { LogIndex } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { Renumbering } from '../ledgers/renumbering.ts';
import type { ServerView } from '../ledgers/server-view.ts';

/** A compaction has come to a disk. Between two steps, when nobody holds ids of logs. */
export function forgetCompacted(ledgers: Ledgers): void {
  ledgers.hasCompacted = false;
  const floor = floorOf(ledgers);
  if (floor - ledgers.log.floor < ledgers.forgottenMin) return;
  const { log, commits, applications, leaders, stamps, servers, taken, replay } = ledgers;
  const renumbering = log.forgetThrough(commits.idAt(floor));
  commits.renumber(renumbering, floor);
  applications.renumber(renumbering, floor);
  leaders.renumber(renumbering);
  stamps.renumber(renumbering);
  for (const server of servers) renumber(server, renumbering, floor);
  taken.forgetBelow(floor);
  replay.forgetBelow(floor);
  forgetCommands(ledgers, renumbering, floor);
}

/** Every server has compacted through here, which is committed and carried out. */
function floorOf({ size, servers, commits, replay }: Ledgers): LogIndex {
  let floor = Math.min(commits.last, replay.last);
  for (let node = 1; node <= size; node += 1) {
    const { isWiped, durable, issued } = servers[node]!;
    if (!isWiped) floor = Math.min(floor, durable.base, issued.base);
  }
  return floor;
}

function renumber(server: ServerView, renumbering: Renumbering, floor: LogIndex): void {
  server.durable.renumber(renumbering, floor);
  server.issued.renumber(renumbering, floor);
  server.pending.renumber(renumbering);
  server.issuedSnapshot = renumbering.of(server.issuedSnapshot);
  server.durableSnapshot = renumbering.of(server.durableSnapshot);
  server.reignLog = renumbering.of(server.reignLog);
  server.unwritten = renumbering.of(server.unwritten);
}

/** Commands stay that stand in some log, that a server may answer, or whose answer is not judged. */
function forgetCommands(ledgers: Ledgers, renumbering: Renumbering, floor: LogIndex): void {
  const { commands, log, attempts, unconfirmed, newest } = ledgers;
  const needed = new Set<number>(unconfirmed);
  needed.add(newest.payload);
  for (const payload of log.payloadsInUse()) needed.add(payload);
  for (const payload of attempts.pending()) needed.add(payload);
  commands.forget(renumbering, floor, needed);
}
