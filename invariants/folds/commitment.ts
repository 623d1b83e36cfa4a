/** What the ledgers learn from claims of commit, and from entries that are applied. */
import type { Entry, LogIndex, Term } from '../../core/messages.ts';
import { checkExactlyOnce } from '../clients/exactly-once.ts';
import { reportNotCommitted } from '../clients/operators-told-truly.ts';
import { checkRefusedNotCommitted } from '../clients/refused-never-committed.ts';
import { isBacked } from '../ledgers/backing.ts';
import { Told } from '../ledgers/commands.ts';
import type { EraId } from '../ledgers/eras.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import { heldAt, heldLast, reigns, type ServerView } from '../ledgers/server-view.ts';
import { checkAppliedInOrder } from '../safety/applied-in-order.ts';
import { reportNotInLog, reportNotTold } from '../safety/applied-only-committed.ts';
import { reportWrittenUntold } from '../safety/commit-index-on-disk.ts';
import { checkCommitKept } from '../safety/commit-monotonicity.ts';
import { checkCommitOfEarlierTerm } from '../safety/commit-of-earlier-term.ts';
import { checkCommittedForGood } from '../safety/committed-for-good.ts';
import { checkCommittedOnQuorum, reportBeyondLog } from '../safety/committed-on-quorum.ts';
import { checkLaterLeadersComplete } from '../safety/leader-completeness.ts';
import { checkCommitQuorum } from '../safety/quorum-intersection.ts';
import { checkStateMachineSafety } from '../safety/state-machine-safety.ts';
import { Happened } from '../situations.ts';
import { holds } from './log-writes.ts';
import { noteConfigurationCommitted } from './made-for-operators.ts';
import { countCommitUnder } from './membership-situations.ts';

/** What a claim rests on: copies on disk, and the era that the leader's log had come to. */
interface Support {
  /** Bit per server. */
  readonly copies: number;
  readonly era: EraId;
}

/** An entry goes to the state machine. A leader that does so claims that it is committed. */
export function apply(ledgers: Ledgers, server: ServerView, index: LogIndex, entry: Entry): void {
  checkAppliedInOrder(ledgers, server, index);
  const id = server.unwritten === 0 ? server.issued.at(index) : heldAt(ledgers.log, server, index);
  const isKnown = id > 0 && ledgers.applications.idAt(index) === id && holds(ledgers, id, entry);
  // The same entry, behind the same log, that somebody has applied here before: the usual case.
  if (!isKnown || (index <= ledgers.commits.last && ledgers.commits.idAt(index) !== id)) {
    checkApplied(ledgers, server, index, id, entry);
  }
  if (index > server.lastApplied) server.lastApplied = index;
  if (index <= server.toldCommitted || index <= server.claimed) return;
  if (!claim(ledgers, server, index)) reportNotTold(ledgers, server, index);
}

/** A commit index is written: whoever was not told of it claims it. */
export function claimByWriting(ledgers: Ledgers, server: ServerView, commitIndex: LogIndex): void {
  if (commitIndex <= server.toldCommitted || commitIndex <= server.claimed) return;
  if (!claim(ledgers, server, commitIndex)) reportWrittenUntold(ledgers, server, commitIndex);
}

/** A change of configuration is answered with ok: whoever was not told of the commit claims it. */
export function claimByAnswering(ledgers: Ledgers, server: ServerView, index: LogIndex): void {
  if (index <= server.toldCommitted || index <= server.claimed) return;
  if (!claim(ledgers, server, index)) reportNotCommitted(ledgers, server, index);
}

/** Only who leads, or has led, may claim; what a leader claims is judged at the end of the step. */
function claim(ledgers: Ledgers, server: ServerView, index: LogIndex): boolean {
  if (!reigns(server)) return claimAfterReign(ledgers, server, index);
  if (index > server.claiming) server.claiming = index;
  return true;
}

/**
 * A deposed leader may go on to apply what it has committed as a leader. When its reign ends, it is
 * noted how far that can be: through its last entry of that term with copies enough.
 */
export function endReign(ledgers: Ledgers, server: ServerView): void {
  const { log } = ledgers;
  const era = log.eraOf(server.issued.tip);
  const first = Math.max(server.claimed, log.floor) + 1;
  for (let index = first; index <= server.issued.last; index += 1) {
    const id = server.issued.at(index);
    const copies = copiesOf(ledgers, index, id);
    if (!isBacked(ledgers, era, index, copies)) return;
    if (log.termOf(id) !== server.reignTerm) continue;
    server.reignLog = id;
    server.reignEra = era;
    server.reignCopies = copies;
  }
}

/** False when it cannot have committed that. Older entries were committed with one of its term. */
function claimAfterReign(ledgers: Ledgers, server: ServerView, index: LogIndex): boolean {
  const { log } = ledgers;
  const { reignLog, reignCopies } = server;
  const id = heldAt(ledgers.log, server, index);
  if (reignLog === 0 || id < 0 || log.ancestorAt(reignLog, index) !== id) return false;
  const claimTerm = log.termOf(reignLog);
  let at = reignLog;
  for (let next = at; log.indexOf(next) >= index; next = log.parentOf(next)) {
    if (log.termOf(next) === claimTerm) at = next;
  }
  const support = { copies: reignCopies, era: server.reignEra };
  registerClaim(ledgers, server, log.indexOf(at), at, claimTerm, support);
  return true;
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
  const payload = commands.payloadOfEntry(entry);
  const isInLog = id > 0 && log.termOf(id) === entry.term && log.payloadOf(id) === payload;
  if (!isInLog) reportNotInLog(ledgers, server, index);
  const isFirst = applications.isFirst(index, entry.term, payload, server.node);
  if (isFirst && isInLog) applications.setId(index, id);
  checkStateMachineSafety(ledgers, server, index, entry.term, payload);
  if (!isFirst || payload <= 0) return;
  if (entry.wallClock !== undefined) applications.setWallClock(index, entry.wallClock);
  const record = commands.record(payload);
  if (record.appliedAt === 0) record.appliedAt = index;
}

/** At the end of a step, or of a life: what the leader has claimed in it is judged. */
export function judgeClaim(ledgers: Ledgers, server: ServerView): void {
  const claimed = server.claiming;
  server.claiming = 0;
  if (claimed <= server.claimed) return;
  const last = server.unwritten === 0 ? server.issued.last : heldLast(ledgers.log, server);
  if (claimed > last) reportBeyondLog(ledgers, server, claimed);
  const index = Math.floor(Math.min(claimed, last));
  if (index <= server.claimed) return;
  const id = heldAt(ledgers.log, server, index);
  const era = ledgers.log.eraOf(server.issued.tip);
  const support = { copies: copiesOf(ledgers, index, id), era };
  registerClaim(ledgers, server, index, id, server.reignTerm, support);
}

/** A leader of `claimTerm` treats the log `id`, through `index`, as committed. */
function registerClaim(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  id: LogId,
  claimTerm: Term,
  support: Support,
): void {
  const { commits } = ledgers;
  server.claimed = index;
  if (server.lastApplied < index) ledgers.situations.count(Happened.applyBehindCommit);
  if (!checkCommitKept(ledgers, server, index, id)) {
    checkLaterLeadersComplete(ledgers, claimTerm, index, id);
    return;
  }
  if (index > commits.last) commit(ledgers, server, index, id, claimTerm, support);
  else if (commits.termAt(index) > claimTerm) {
    commits.lower(index, claimTerm);
    checkLaterLeadersComplete(ledgers, claimTerm, index, id);
  }
}

/** The log `id`, through `index`, is claimed for the first time. */
function commit(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  id: LogId,
  claimTerm: Term,
  support: Support,
): void {
  const { commits } = ledgers;
  const { copies, era } = support;
  checkCommittedOnQuorum(ledgers, server, index, copies, era);
  checkCommitOfEarlierTerm(ledgers, server, index, id);
  checkCommittedForGood(ledgers, server, index, id);
  checkLaterLeadersComplete(ledgers, claimTerm, index, id);
  checkCommitQuorum(ledgers, claimTerm, copies, configurationOf(ledgers, id, era));
  countCommit(ledgers, server, index, id, copies);
  if (ledgers.log.eras.count > 1) countCommitUnder(ledgers, server, id, era);
  while (commits.last < index) {
    const next = heldAt(ledgers.log, server, commits.last + 1);
    commits.push(next, claimTerm);
    noteCommitted(ledgers, server, next, claimTerm);
  }
  commits.copies = copies;
  commits.copiesTerm = claimTerm;
  commits.copiesConfiguration = configurationOf(ledgers, id, era);
}

/** The configuration that a commit was made under; -1 when it may have been one of several. */
function configurationOf({ log }: Ledgers, id: LogId, era: EraId): number {
  const configuration = log.configurationOf(id);
  return configuration === log.eras.configurationOf(era) ? configuration : -1;
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
  if (payload < 0) {
    ledgers.commits.configurations += 1;
    noteConfigurationCommitted(ledgers, server, id);
  }
  if (payload <= 0) return;
  statistics.committedCommands += 1;
  checkExactlyOnce(ledgers, server, id, payload);
  checkRefusedNotCommitted(ledgers, server, id, payload);
  const record = commands.record(payload);
  if (record.committedAt === 0) record.committedAt = log.indexOf(id);
  if (record.told === Told.info) situations.count(Happened.unknownButCommitted);
}

function countCommit(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  id: LogId,
  copies: number,
): void {
  const { situations, configurations, commits } = ledgers;
  const configuration = ledgers.log.configurationOf(id);
  if (index > commits.last + 1) situations.count(Happened.severalCommitted);
  if (configurations.sizeOf(configuration) === 1) situations.count(Happened.singleServerCommit);
  else if (configurations.isBareQuorum(configuration, copies)) {
    situations.count(Happened.bareQuorumCommit);
  }
  if ((copies & (1 << server.node)) === 0) situations.count(Happened.commitWithoutOwnCopy);
}
