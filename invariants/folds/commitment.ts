/** What the ledgers learn from claims of commit, and from entries that are applied. */
import type { Entry, LogIndex, Term } from '../../core/messages.ts';
import { checkExactlyOnce } from '../clients/exactly-once.ts';
import { checkRefusedNotCommitted } from '../clients/refused-never-committed.ts';
import { Told } from '../ledgers/commands.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import { reigns, type ServerView } from '../ledgers/server-view.ts';
import { countServers } from '../ledgers/votes.ts';
import { checkAppliedInOrder } from '../safety/applied-in-order.ts';
import { reportNotInLog, reportNotTold } from '../safety/applied-only-committed.ts';
import { checkCommitKept } from '../safety/commit-monotonicity.ts';
import { checkCommitOfEarlierTerm } from '../safety/commit-of-earlier-term.ts';
import { checkCommittedOnQuorum, reportBeyondLog } from '../safety/committed-on-quorum.ts';
import { checkLaterLeadersComplete } from '../safety/leader-completeness.ts';
import { checkCommitQuorum } from '../safety/quorum-intersection.ts';
import { checkStateMachineSafety } from '../safety/state-machine-safety.ts';
import { Happened } from '../situations.ts';
import { holds } from './log-writes.ts';

/** An entry goes to the state machine. A leader that does so claims that it is committed. */
export function apply(ledgers: Ledgers, server: ServerView, index: LogIndex, entry: Entry): void {
  checkAppliedInOrder(ledgers, server, index);
  const id = server.issued.at(index);
  const isKnown = id > 0 && ledgers.applications.idAt(index) === id && holds(ledgers, id, entry);
  // The same entry, behind the same log, that somebody has applied here before: the usual case.
  if (!isKnown || (index <= ledgers.commits.last && ledgers.commits.idAt(index) !== id)) {
    checkApplied(ledgers, server, index, id, entry);
  }
  if (index > server.lastApplied) server.lastApplied = index;
  if (index <= server.toldCommitted || index <= server.claimed) return;
  if (!reigns(server)) reportNotTold(ledgers, server, index);
  else if (index > server.claiming) server.claiming = index;
}

/** Is it the entry of its log, and what everybody else has applied there? */
function checkApplied(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  id: LogId,
  entry: Entry,
): void {
  const { log, commands, applications } = ledgers;
  const payload = commands.payloadOf(entry.command);
  const isInLog = id > 0 && log.termOf(id) === entry.term && log.payloadOf(id) === payload;
  if (!isInLog) reportNotInLog(ledgers, server, index);
  const isFirst = applications.isFirst(index, entry.term, payload, server.node);
  if (isFirst && isInLog) applications.setId(index, id);
  checkStateMachineSafety(ledgers, server, index, entry.term, payload);
  if (!isFirst || payload === 0) return;
  const record = commands.record(payload);
  if (record.appliedAt === 0) record.appliedAt = index;
}

/** At the end of a step, or of a life: what the leader has claimed in it is judged. */
export function judgeClaim(ledgers: Ledgers, server: ServerView): void {
  const { commits } = ledgers;
  const claimed = server.claiming;
  server.claiming = 0;
  if (claimed <= server.claimed) return;
  if (claimed > server.issued.last) reportBeyondLog(ledgers, server, claimed);
  const index = Math.floor(Math.min(claimed, server.issued.last));
  if (index <= server.claimed) return;
  server.claimed = index;
  const id = server.issued.at(index);
  if (!checkCommitKept(ledgers, server, index, id)) {
    checkLaterLeadersComplete(ledgers, server.reignTerm, index, id);
    return;
  }
  if (index > commits.last) commit(ledgers, server, index, id);
  else if (commits.termAt(index) > server.reignTerm) {
    commits.lower(index, server.reignTerm);
    checkLaterLeadersComplete(ledgers, server.reignTerm, index, id);
  }
}

/** The log `id`, through `index`, is claimed for the first time. */
function commit(ledgers: Ledgers, server: ServerView, index: LogIndex, id: LogId): void {
  const { commits } = ledgers;
  const claimTerm = server.reignTerm;
  const copies = copiesOf(ledgers, index, id);
  checkCommittedOnQuorum(ledgers, server, index, copies);
  checkCommitOfEarlierTerm(ledgers, server, index, id);
  checkLaterLeadersComplete(ledgers, claimTerm, index, id);
  checkCommitQuorum(ledgers, claimTerm, copies);
  countCommit(ledgers, server, copies);
  while (commits.last < index) {
    const next = server.issued.at(commits.last + 1);
    commits.push(next, claimTerm);
    noteCommitted(ledgers, server, next, claimTerm);
  }
  commits.copies = copies;
  commits.copiesTerm = claimTerm;
}

/** Bit per server, crashed ones included, that holds this log durably. */
function copiesOf(ledgers: Ledgers, index: LogIndex, id: LogId): number {
  let copies = 0;
  for (let node = 1; node <= ledgers.size; node += 1) {
    if (ledgers.server(node).durable.at(index) === id) copies |= 1 << node;
  }
  return copies;
}

function noteCommitted(ledgers: Ledgers, server: ServerView, id: LogId, claimTerm: Term): void {
  const { log, commands, statistics, situations } = ledgers;
  statistics.committedEntries += 1;
  if (log.termOf(id) < claimTerm) situations.count(Happened.earlierTermCommitted);
  const payload = log.payloadOf(id);
  if (payload === 0) return;
  statistics.committedCommands += 1;
  checkExactlyOnce(ledgers, server, id, payload);
  checkRefusedNotCommitted(ledgers, server, id, payload);
  const record = commands.record(payload);
  if (record.committedAt === 0) record.committedAt = log.indexOf(id);
  if (record.told === Told.info) situations.count(Happened.unknownButCommitted);
}

function countCommit(ledgers: Ledgers, server: ServerView, copies: number): void {
  const { situations, size, majority } = ledgers;
  if (size === 1) situations.count(Happened.singleServerCommit);
  else if (countServers(copies) === majority) situations.count(Happened.bareQuorumCommit);
  if ((copies & (1 << server.node)) === 0) situations.count(Happened.commitWithoutOwnCopy);
}
