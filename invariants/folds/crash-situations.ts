/** What crashes and restarts are like: counters for situations, no verdict. */
import type { Ledgers } from '../ledgers/ledgers.ts';
import { reigns, type ServerView } from '../ledgers/server-view.ts';
import { Happened } from '../situations.ts';
import { countLostSnapshots, countStartFromSnapshot } from './snapshot-situations.ts';

/** A life has ended; its images are as they were, with what survived of its writes. */
export function countCrash(ledgers: Ledgers, server: ServerView): void {
  const { situations, commits } = ledgers;
  if (hasUnfinished(server)) situations.count(Happened.crashLostWrites);
  if (reigns(server) && server.issued.last > commits.last) {
    situations.count(Happened.leaderCrashedWithTail);
  }
  const hasForgotten =
    server.issuedVote !== 0 &&
    (server.durableTerm < server.issuedTerm || server.durableVote !== server.issuedVote);
  if (hasForgotten) situations.count(Happened.crashForgotVote);
  if (server.boot > 0 && server.heardTerm === 0 && server.reignTerm === 0) {
    situations.count(Happened.doubleCrash);
  }
  countLostSnapshots(ledgers, server);
  countDown(ledgers);
  countLostLog(ledgers, server);
}

function hasUnfinished({ pending }: ServerView): boolean {
  for (let i = 0; i < pending.count; i += 1) if (!pending.at(i).isDone) return true;
  return false;
}

function countDown(ledgers: Ledgers): void {
  const { servers, configurations, configurationNow, situations } = ledgers;
  if (configurations.sizeOf(configurationNow) === 1) return;
  let up = 0;
  for (const { node, isUp } of servers) if (isUp) up |= 1 << node;
  if (!configurations.isQuorum(configurationNow, up)) situations.count(Happened.majorityDown);
  if (up === 0) situations.count(Happened.allDown);
}

/** How the log on disk differs from the one that the server had in memory. */
function countLostLog({ situations, servers }: Ledgers, server: ServerView): void {
  const { issued, durable } = server;
  const common = issued.commonPrefix(durable);
  if (common < durable.last) situations.count(Happened.crashLostTruncation);
  if (common === issued.last) return;
  const lost = issued.at(common + 1);
  for (const other of servers) {
    if (other === server || other.durable.at(common + 1) !== lost) continue;
    situations.count(Happened.lostEntriesElsewhere);
    return;
  }
}

/** A life begins with what is durable. */
export function countStart(ledgers: Ledgers, server: ServerView): void {
  const { situations, leaders } = ledgers;
  const { newestTerm } = leaders;
  countStartFromSnapshot(ledgers, server);
  if (newestTerm === server.durableTerm && leaders.nodeOf(newestTerm) === server.node) {
    situations.count(Happened.leaderRestartedInItsTerm);
  }
  if (server.durable.last > 0) situations.count(Happened.restartWithLog);
  if (server.durableCommit > 0) situations.count(Happened.commitIndexRestored);
  if (server.lastApplied > 0) situations.count(Happened.restartWithApplied);
}
