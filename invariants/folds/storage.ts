/** What the ledgers learn from writes, from their completion, and from crashes. */
import type { Write } from '../../core/contract.ts';
import type { Entry, LogIndex, NodeId, Term } from '../../core/messages.ts';
import { assert } from '../assert.ts';
import type { SurvivingWrite } from '../facts.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { PendingWrite } from '../ledgers/pending-writes.ts';
import { beginLife, reigns, type ServerView } from '../ledgers/server-view.ts';
import { checkCommitIndexCovered } from '../safety/commit-index-on-disk.ts';
import { checkVoteKept } from '../safety/one-vote-per-term.ts';
import {
  checkTermAtStart,
  checkTermDurableRises,
  checkTermWritten,
} from '../safety/term-monotonicity.ts';
import { Happened } from '../situations.ts';
import { claimByWriting, endReign } from './commitment.ts';
import { countCrash, countStart } from './crash-situations.ts';
import { noteWrittenAgain } from './failed-writes.ts';
import { appendEntries, overwrite, overwritten, truncate } from './log-writes.ts';
import { noteStanding } from './made-for-operators.ts';
import { countHalfWon } from './membership-situations.ts';
import { countCompacted, countWritten } from './snapshot-situations.ts';
import { compact, writeSnapshot } from './snapshots.ts';

/** A write is on its way: the issued image changes at once. */
export function issueWrite(
  ledgers: Ledgers,
  server: ServerView,
  writeId: number,
  stream: string,
  after: number,
  write: Write,
): void {
  const { issued } = server;
  if (issued.isOutrun && writesOutrunLog(ledgers, server, write)) {
    server.pending.push(writeId, stream, after, write, issued.tip, issued.base);
    return;
  }
  switch (write.kind) {
    case 'hardState':
      writeHardState(ledgers, server, write.currentTerm, write.votedFor);
      if (write.commitIndex > 0) claimByWriting(ledgers, server, write.commitIndex);
      break;
    case 'append':
      appendEntries(ledgers, server, write.entries);
      break;
    case 'truncateFrom':
      truncate(ledgers, server, write.index);
      break;
    case 'overwrite':
      overwrite(ledgers, server, write.index, write.entries);
      break;
    case 'compactTo':
      compact(ledgers, server, write.index, stream, after);
      break;
    case 'snapshot':
      writeSnapshot(ledgers, server, write.snapshot);
      server.pending.push(writeId, stream, after, write, server.issuedSnapshot, 0);
      return;
  }
  if (server.unwritten !== 0 && write.kind !== 'hardState') noteWrittenAgain(ledgers, server);
  server.pending.push(writeId, stream, after, write, issued.tip, issued.base);
}

/**
 * A server that started from its snapshot alone writes to the log that it found on its disk. What it
 * drops of that is nothing that it holds. Returns whether that was all.
 */
function writesOutrunLog({ log }: Ledgers, { issued }: ServerView, write: Write): boolean {
  if (write.kind === 'hardState' || write.kind === 'snapshot') return false;
  issued.uncover(log);
  if (write.kind !== 'truncateFrom') return false;
  issued.cut(write.index - 1);
  return true;
}

/** A write is durable, and with it what came before it in its stream, or by its order. */
export function completeWrite(ledgers: Ledgers, server: ServerView, writeId: number): void {
  const { pending } = server;
  const place = pending.find(writeId);
  if (place < 0) {
    // A later write of its stream was told of before, and this one with it.
    ledgers.situations.count(Happened.noticeOutOfOrder);
    return;
  }
  completeThrough(ledgers, server, place);
  pending.drop();
  if (server.durableCommit > 0) checkCommitIndexCovered(ledgers, server);
}

function completeThrough(ledgers: Ledgers, server: ServerView, place: number): void {
  const { pending } = server;
  const { stream } = pending.at(place);
  for (let i = 0; i <= place; i += 1) {
    const record = pending.at(i);
    if (record.isDone || record.stream !== stream) continue;
    record.isDone = true;
    // The host may tell of this one before it tells of the one that it is ordered after.
    const earlier = record.after === 0 ? -1 : pending.find(record.after);
    if (earlier >= 0) completeThrough(ledgers, server, earlier);
    carryOut(ledgers, server, record);
  }
}

/** A life ends. What survives of its writes is durable; the rest never happened. */
export function crash(
  ledgers: Ledgers,
  server: ServerView,
  survivors: readonly SurvivingWrite[],
): void {
  const { pending } = server;
  for (const { writeId, kept } of survivors) {
    const place = pending.find(writeId);
    if (place < 0) continue;
    const record = pending.at(place);
    record.isDone = true;
    if (kept < 0) carryOut(ledgers, server, record);
    else carryOutInPart(ledgers, server, record, kept);
  }
  if (server.durableCommit > 0) checkCommitIndexCovered(ledgers, server);
  ledgers.statistics.crashes += 1;
  server.isUp = false;
  countCrash(ledgers, server);
  pending.clear();
  server.isPaused = false;
}

/** A life begins with what is durable; the host's state machine holds the log through `applied`. */
export function start(
  ledgers: Ledgers,
  server: ServerView,
  boot: number,
  firstMessageId: number,
  applied: LogIndex,
): void {
  server.pending.clear();
  server.appliedMax = Math.max(server.appliedMax, server.lastApplied);
  assert(applied <= server.appliedMax, 'keeps what it had', applied, server.appliedMax);
  beginLife(ledgers.log, server, boot, firstMessageId, applied);
  checkTermAtStart(ledgers, server);
  ledgers.statistics.starts += 1;
  countStart(ledgers, server);
}

/** What a disk holds before the first life. Its entries have no leader that anybody knows. */
export function prepareImage(
  ledgers: Ledgers,
  server: ServerView,
  currentTerm: Term,
  votedFor: NodeId,
  entries: readonly Entry[],
): void {
  assert(server.boot < 0, 'an image is prepared before the first life', server.node);
  let tip: LogId = 0;
  for (const entry of entries) {
    tip = ledgers.log.child(tip, entry.term, ledgers.commands.prepare(entry));
  }
  server.durable.become(ledgers.log, tip);
  server.durableTerm = currentTerm;
  server.durableVote = votedFor;
  ledgers.votes.makeDurable(currentTerm, server.node, votedFor);
}

function writeHardState(
  ledgers: Ledgers,
  server: ServerView,
  currentTerm: Term,
  votedFor: NodeId,
): void {
  checkTermWritten(ledgers, server, currentTerm);
  checkVoteKept(ledgers, server, currentTerm, votedFor);
  if (currentTerm > server.issuedTerm) {
    countDefeat(ledgers, server, votedFor);
    if (ledgers.log.eras.count > 1) countLostElection(ledgers, server);
    if (reigns(server)) endReign(ledgers, server);
    if (ledgers.docket.stepKind === 'TimeoutNow') noteStanding(ledgers, server, currentTerm);
  }
  server.issuedTerm = currentTerm;
  server.issuedVote = votedFor;
  if (currentTerm > server.seenTerm) server.seenTerm = currentTerm;
  if (currentTerm > ledgers.statistics.termMax) ledgers.statistics.termMax = currentTerm;
}

function carryOut(ledgers: Ledgers, server: ServerView, record: PendingWrite): void {
  const write = record.write!;
  switch (write.kind) {
    case 'append':
    case 'truncateFrom':
    case 'overwrite':
      holdDurably(ledgers, server, record.tip);
      return;
    case 'compactTo':
      server.durable.base = Math.max(server.durable.base, record.base);
      holdDurably(ledgers, server, record.tip);
      countCompacted(ledgers, server);
      ledgers.hasCompacted = true;
      return;
    case 'snapshot':
      countWritten(ledgers, server, record.tip);
      server.durableSnapshot = record.tip;
      holdDurably(ledgers, server, server.durable.logTip);
      return;
    case 'hardState':
  }
  checkTermDurableRises(ledgers, server, write.currentTerm);
  server.durableTerm = write.currentTerm;
  server.durableVote = write.votedFor;
  server.durableCommit = write.commitIndex;
  ledgers.votes.makeDurable(write.currentTerm, server.node, write.votedFor);
}

/** The log on disk has this tip; what a restart would go on with depends on the snapshot, too. */
function holdDurably({ log }: Ledgers, { durable, durableSnapshot }: ServerView, tip: LogId): void {
  durable.become(log, tip);
  if (durableSnapshot !== 0) durable.cover(log, durableSnapshot);
}

/** The first `kept` entries of a write reached the disk. */
function carryOutInPart(
  ledgers: Ledgers,
  server: ServerView,
  record: PendingWrite,
  kept: number,
): void {
  const { log } = ledgers;
  const write = record.write!;
  assert(write.kind === 'append' || write.kind === 'overwrite', 'an append survives in part', kept);
  ledgers.situations.count(Happened.crashKeptPrefix);
  if (write.kind === 'append') {
    const last = log.indexOf(record.tip) - write.entries.length + kept;
    holdDurably(ledgers, server, log.ancestorAt(record.tip, last));
    return;
  }
  const { logTip, base } = server.durable;
  const first = Math.max(write.index, base + 1);
  const part = write.entries.slice(first - write.index, kept);
  holdDurably(ledgers, server, overwritten(ledgers, server, logTip, first, part));
}

function countLostElection(ledgers: Ledgers, server: ServerView): void {
  const { node, issuedTerm, issuedVote } = server;
  if (issuedVote === node && ledgers.leaders.nodeOf(issuedTerm) !== node) {
    countHalfWon(ledgers, server);
  }
}

function countDefeat(ledgers: Ledgers, server: ServerView, votedFor: NodeId): void {
  const { node, issuedTerm } = server;
  if (server.issuedVote !== node || votedFor === node) return;
  if (ledgers.leaders.nodeOf(issuedTerm) === node) return;
  ledgers.situations.count(Happened.candidateDefeated);
}
