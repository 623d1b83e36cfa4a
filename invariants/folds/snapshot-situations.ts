/** What snapshots are like: counters for situations, no verdict. */
import type { InstallSnapshot, LogIndex, NodeId } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import { SnapshotHappened } from '../snapshot-situations.ts';

/** The host has taken a snapshot that this server has asked for. */
export function countTaken(ledgers: Ledgers, server: ServerView, index: LogIndex): void {
  server.takenSnapshot = index;
  if (index > ledgers.log.indexOf(server.issuedSnapshot)) return;
  ledgers.situations.count(SnapshotHappened.overtaken);
}

/** A snapshot of the log `id` gets on the disk, which does not know it yet. */
export function countWritten(ledgers: Ledgers, server: ServerView, id: LogId): void {
  const { situations, log } = ledgers;
  const { durable, lastApplied } = server;
  const index = log.indexOf(id);
  if (index === server.takenSnapshot) {
    situations.count(SnapshotHappened.taken);
    return;
  }
  if (lastApplied >= index) {
    situations.count(SnapshotHappened.appendsWereFaster);
    return;
  }
  const common = durable.commonPrefixWith(log, id);
  if (common < index) {
    if (common < durable.last) situations.count(SnapshotHappened.installedOverConflict);
  } else if (durable.last > index) situations.count(SnapshotHappened.installedBeforeTail);
}

/** A compaction gets on the disk. */
export function countCompacted({ situations }: Ledgers, { durable }: ServerView): void {
  if (durable.base === durable.last && !durable.isOutrun) {
    situations.count(SnapshotHappened.wholeLogCompacted);
  }
}

/** The state machine is replaced: at a start by the snapshot on disk, else by the leader's. */
export function countRestored({ situations, docket }: Ledgers): void {
  if (docket.stepKind !== 'start') situations.count(SnapshotHappened.installed);
}

/** A chunk is sent; `copies` of it will arrive. */
export function countChunkSent(
  { situations, traffic }: Ledgers,
  server: ServerView,
  to: NodeId,
  copies: number,
  body: InstallSnapshot,
): void {
  if (copies === 0) situations.count(SnapshotHappened.chunkLost);
  const { term, lastIncludedIndex, offset } = body;
  if (traffic.isChunkAgain(server.node, to, term, lastIncludedIndex, offset)) {
    situations.count(SnapshotHappened.chunkAgain);
  }
}

/** A chunk arrives, of a term that is not outdated here. */
export function countChunk(
  { situations }: Ledgers,
  server: ServerView,
  body: InstallSnapshot,
): void {
  const { term, lastIncludedIndex, done } = body;
  if (lastIncludedIndex < server.lastApplied) situations.count(SnapshotHappened.staleOffer);
  const { gatheringTerm } = server;
  if (gatheringTerm !== 0 && gatheringTerm < term) {
    situations.count(SnapshotHappened.transferTakenOver);
  }
  server.gatheringTerm = done ? 0 : term;
}

/** A server stands for election, or votes. */
export function countEmptyLog({ situations }: Ledgers, { issued }: ServerView): void {
  if (issued.base === issued.last) {
    situations.count(SnapshotHappened.candidateWithEmptyLog);
  }
}

/** A life has ended; what is not done of its writes is lost. */
export function countLostSnapshots(ledgers: Ledgers, server: ServerView): void {
  const { situations, log } = ledgers;
  const { pending } = server;
  const covered = log.indexOf(server.durableSnapshot);
  for (let at = 0; at < pending.count; at += 1) {
    const { isDone, write } = pending.at(at);
    if (isDone) continue;
    if (write!.kind === 'snapshot') situations.count(SnapshotHappened.lostInCrash);
    if (write!.kind === 'compactTo' && write!.index <= covered) {
      situations.count(SnapshotHappened.besideItsEntries);
    }
  }
}

/** A life begins with what is durable. */
export function countStartFromSnapshot(ledgers: Ledgers, server: ServerView): void {
  const { situations, log } = ledgers;
  const { durable, durableSnapshot } = server;
  const covered = log.indexOf(durableSnapshot);
  if (covered === 0) return;
  if (durable.isOutrun) situations.count(SnapshotHappened.startedWithoutLog);
  else if (durable.last > covered) {
    situations.count(SnapshotHappened.startedWithTail);
  }
}
