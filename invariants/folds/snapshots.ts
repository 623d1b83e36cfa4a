/** What the ledgers learn from snapshots: written, compacted behind, sent, installed, restored (§7). */
import type {
  InstallSnapshot,
  InstallSnapshotResponse,
  LogIndex,
  NodeId,
  Snapshot,
} from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import { checkRestoredInOrder } from '../safety/applied-in-order.ts';
import { checkInstallDurable } from '../safety/durable-promise.ts';
import { checkCompaction, checkSnapshotKept } from '../safety/log-joins-snapshot.ts';
import { checkRestoredContent, checkWrittenContent } from '../safety/snapshot-content.ts';
import {
  checkLabel,
  checkLabelReached,
  checkSnapshotConfiguration,
} from '../safety/snapshot-label.ts';
import { actAsLeader } from './elections.ts';
import { noteCreated } from './log-writes.ts';
import { countChunk, countChunkSent, countRestored, countTaken } from './snapshot-situations.ts';

/** The write of a snapshot is issued. */
export function writeSnapshot(ledgers: Ledgers, server: ServerView, snapshot: Snapshot): void {
  const { lastIncludedIndex: index, lastIncludedTerm: term, data } = snapshot;
  const id = checkLabel(ledgers, server, index, term);
  checkLabelReached(ledgers, server, index);
  checkWrittenContent(ledgers, server, index, data);
  checkSnapshotKept(ledgers, server, index);
  if (id < 0) return;
  checkSnapshotConfiguration(ledgers, server, id, snapshot.configuration);
  server.issuedSnapshot = id;
}

/** A compaction is issued: the log begins behind `index`, and a snapshot stands for the rest. */
export function compact(
  ledgers: Ledgers,
  server: ServerView,
  through: LogIndex,
  stream: string,
  after: number,
): void {
  const { issued, issuedSnapshot } = server;
  const { log } = ledgers;
  const index = Math.floor(through);
  if (!(index > issued.base)) return;
  checkCompaction(ledgers, server, index, stream, after);
  const covered = coveredAt(ledgers, server, index);
  if (covered < 0) {
    issued.base = Math.min(index, issued.last);
    return;
  }
  if (index >= issued.last) issued.become(log, covered);
  else if (issued.at(index) !== covered && log.indexOf(issuedSnapshot) === index) {
    issued.become(log, movedBehind(ledgers, server, covered));
  }
  issued.base = index;
}

/** The host has taken a snapshot of this server's state machine. */
export function takeSnapshot(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  data: string,
): void {
  ledgers.taken.take(server.node, index, data);
  countTaken(ledgers, server, index);
}

/** InstallSnapshot is sent: an act of a leader, and its label stands for what is committed. */
export function sendInstall(
  ledgers: Ledgers,
  server: ServerView,
  to: NodeId,
  copies: number,
  body: InstallSnapshot,
): void {
  countChunkSent(ledgers, server, to, copies, body);
  if (server.reignTerm !== body.term) actAsLeader(ledgers, server, body.term);
  const id = checkLabel(ledgers, server, body.lastIncludedIndex, body.lastIncludedTerm);
  if (id >= 0) checkSnapshotConfiguration(ledgers, server, id, body.configuration);
}

/** InstallSnapshot arrives. A leader of a current term tells by it what is committed. */
export function receiveInstall(ledgers: Ledgers, server: ServerView, body: InstallSnapshot): void {
  const { term, lastIncludedIndex: index } = body;
  if (index > server.offeredSnapshot) server.offeredSnapshot = index;
  if (term < server.issuedTerm) return;
  countChunk(ledgers, server, body);
  if (term > server.heardTerm) server.heardTerm = term;
  if (index > server.toldCommitted && index <= ledgers.commits.last) server.toldCommitted = index;
}

/** InstallSnapshotResponse is sent. */
export function answerInstall(
  ledgers: Ledgers,
  server: ServerView,
  body: InstallSnapshotResponse,
): void {
  if (body.done) checkInstallDurable(ledgers, server, body.lastIncludedIndex);
}

/** The state machine is replaced: apply goes on behind `index`. */
export function restore(ledgers: Ledgers, server: ServerView, index: LogIndex, data: string): void {
  checkRestoredInOrder(ledgers, server, index);
  checkRestoredContent(ledgers, server, index, data);
  countRestored(ledgers);
  if (!(index <= ledgers.commits.last)) return;
  if (index > server.lastApplied) server.lastApplied = index;
  if (index > server.toldCommitted) server.toldCommitted = index;
}

/** The log through `index` that the newest snapshot stands for; -1 when it does not reach so far. */
function coveredAt({ log }: Ledgers, server: ServerView, index: LogIndex): LogId {
  const { issued, issuedSnapshot } = server;
  const end = log.indexOf(issuedSnapshot);
  if (issued.at(end) === issuedSnapshot && index <= end) return issued.at(index);
  return log.ancestorAt(issuedSnapshot, index);
}

/** Only the places of the entries are known any more: what stays now follows the snapshot. */
function movedBehind(ledgers: Ledgers, server: ServerView, covered: LogId): LogId {
  const { log } = ledgers;
  const { issued } = server;
  let id = covered;
  for (let at = log.indexOf(covered) + 1; at <= issued.last; at += 1) {
    const entry = issued.at(at);
    const before = log.count;
    id = log.child(id, log.termOf(entry), log.payloadOf(entry));
    if (id >= before) noteCreated(ledgers, server, id);
  }
  return id;
}
