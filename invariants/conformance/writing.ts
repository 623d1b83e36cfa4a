/** Writes: each is held against the rules when it is issued, and then moves the images. */
import type { Write } from '../../core/contract.ts';
import type { Entry, LogIndex, NodeId, Snapshot, Term } from '../../core/messages.ts';
import type { SurvivingWrite } from '../facts.ts';
import { reportOutdated } from './appends/append-from-current-leader.ts';
import { reportMisplaced } from './appends/append-in-place.ts';
import { reportKept } from './appends/conflict-and-all-after.ts';
import { checkPredecessor } from './appends/consistency-check.ts';
import { checkConflict } from './appends/truncate-only-conflict.ts';
import { checkPersistedCommit } from './applying/persisted-commit-is-safe.ts';
import { checkUndisturbed } from './elections/leader-not-disturbed.ts';
import { checkNoPreVote } from './elections/pre-vote-changes-nothing.ts';
import { checkWaited } from './elections/restarted-voter-waits.ts';
import { checkTermRises } from './elections/term-never-falls.ts';
import { checkTermKnown } from './elections/term-taken-as-it-is.ts';
import { reportDeleted } from './leading/leader-append-only.ts';
import { reportInvented } from './leading/leader-creates-entries.ts';
import { checkPlaceUnused } from './leading/one-entry-per-place.ts';
import { checkRequested } from './leading/request-appended-once.ts';
import { checkChange } from './membership/check-change.ts';
import { checkMayStand } from './membership/only-voters-stand.ts';
import { isSameEntry, ObservedLog } from './observed-log.ts';
import type { ObservedServer } from './observed-server.ts';
import { actAsLeader } from './reigning.ts';
import type { Scene } from './scene.ts';
import { checkCovered } from './snapshots/compaction-behind-snapshot.ts';
import { checkInstalled } from './snapshots/install-keeps-agreeing-log.ts';
import { checkNewer } from './snapshots/newest-snapshot-stays.ts';
import { checkLabel } from './snapshots/snapshot-label.ts';
import { checkWhole } from './snapshots/snapshot-received-whole.ts';
import { checkTimeout } from './timers/stands-after-timeout.ts';
import { checkVoteUnchanged } from './votes/one-vote-per-term.ts';
import { checkAsked } from './votes/vote-for-current-term.ts';
import { checkUpToDate } from './votes/vote-up-to-date.ts';

export function issueWrite(
  scene: Scene,
  server: ObservedServer,
  id: number,
  stream: string,
  after: number,
  write: Write,
): void {
  switch (write.kind) {
    case 'hardState':
      writeHardState(scene, server, write.currentTerm, write.votedFor);
      if (write.commitIndex > 0) {
        checkPersistedCommit(scene, server, write.commitIndex, stream, after);
      }
      break;
    case 'append':
      writeEntries(scene, server, server.issued.last + 1, write.entries);
      break;
    case 'overwrite':
      overwrite(scene, server, write.index, write.entries);
      break;
    case 'truncateFrom': {
      const first = Math.max(write.index, server.issued.base + 1);
      noteLogBefore(server);
      if (first <= server.issued.last) checkDeletion(scene, server, first);
      changeLog(server, write);
      break;
    }
    case 'compactTo':
      noteLogBefore(server);
      checkCovered(scene, server, write.index, stream, after);
      changeLog(server, write);
      break;
    case 'snapshot':
      writeSnapshot(scene, server, write.snapshot);
  }
  server.pending.push({ id, stream, after, write });
}

/** What an install does to the log is held against what the log was. */
function noteLogBefore(server: ObservedServer): void {
  const { issued, issuedSnapshot, snapshots, lastApplied } = server;
  if (snapshots.logBefore !== null || (issuedSnapshot?.lastIncludedIndex ?? 0) <= lastApplied) {
    return;
  }
  snapshots.logBefore = new ObservedLog();
  snapshots.logBefore.become(issued);
}

/** Cuts the log, at its end or at its beginning; configurations may go with it. */
function changeLog(server: ObservedServer, write: Write): void {
  const { placed } = server;
  server.issued.carryOut(write, -1, server.issuedSnapshot);
  if (server.placed.index < placed.index) {
    server.formerConfigurations.push(placed.configuration);
  }
}

function writeSnapshot(scene: Scene, server: ObservedServer, snapshot: Snapshot): void {
  checkNewer(scene, server, snapshot);
  if (server.snapshots.taken !== null) checkLabel(scene, server, snapshot);
  else checkWhole(scene, server, snapshot);
  server.issuedSnapshot = snapshot;
}

/** At the end of a step in which the state machine was restored. */
export function checkRestored(scene: Scene, server: ObservedServer): void {
  const { issuedSnapshot } = server;
  if (scene.event === 'started' || issuedSnapshot === null) return;
  if (issuedSnapshot.lastIncludedIndex === scene.restoredIndex) {
    checkInstalled(scene, server, issuedSnapshot);
  }
}

/** The write is durable, and with it all that came before it in its stream. */
export function completeWrite(server: ObservedServer, id: number): void {
  const done = server.pending.find((one) => one.id === id);
  if (done === undefined) return;
  const kept = [];
  for (const one of server.pending) {
    if (one.stream === done.stream && one.id <= id) makeDurable(server, one.write, -1);
    else kept.push(one);
  }
  server.pending = kept;
}

/**
 * Nothing of the write is on disk, nor of those behind it in its stream or ordered after one of
 * these, whenever the server is told of them: what it still says it must write again.
 */
export function failWrite(server: ObservedServer, id: number): void {
  const failed = server.pending.find((one) => one.id === id);
  if (failed === undefined) return;
  const streams = [failed.stream];
  const lost = [id];
  server.pending = server.pending.filter((one) => {
    if (one.id < id || (!streams.includes(one.stream) && !lost.includes(one.after))) return true;
    streams.push(one.stream);
    lost.push(one.id);
    return false;
  });
  server.hasLostWrites = true;
  server.restoreImage();
  for (const { write } of server.pending) {
    if (write.kind === 'snapshot') server.issuedSnapshot = write.snapshot;
    server.issued.carryOut(write, -1, server.issuedSnapshot);
  }
}

export function crash(server: ObservedServer, survivors: readonly SurvivingWrite[]): void {
  for (const { writeId, kept } of survivors) {
    const survivor = server.pending.find((one) => one.id === writeId);
    if (survivor !== undefined) makeDurable(server, survivor.write, kept);
  }
  server.pending = [];
  server.isUp = false;
}

function makeDurable(server: ObservedServer, write: Write, kept: number): void {
  if (write.kind === 'snapshot') {
    server.durableSnapshot = write.snapshot;
    server.snapshots.hold(write.snapshot);
  }
  if (write.kind !== 'hardState') {
    server.durable.carryOut(write, kept, server.durableSnapshot);
    return;
  }
  server.durableTerm = write.currentTerm;
  server.durableVote = write.votedFor;
  server.durableCommit = write.commitIndex;
  if (write.votedFor !== 0) server.durableVotes.set(write.currentTerm, write.votedFor);
}

function writeHardState(scene: Scene, server: ObservedServer, term: Term, votedFor: NodeId): void {
  checkTermRises(scene, server, term);
  if (checkNoPreVote(scene, server, term)) checkTermKnown(scene, server, term, votedFor);
  if (term > server.issuedTerm) checkAdoption(scene, server, term);
  const isNewVote = term !== server.issuedTerm || votedFor !== server.issuedVote;
  if (isNewVote && checkVoteUnchanged(scene, server, term, votedFor)) {
    if (votedFor === server.node) stand(scene, server);
    else if (votedFor !== 0) giveVote(scene, server, term, votedFor);
  }
  server.issuedTerm = term;
  server.issuedVote = votedFor;
  server.seenTerm = Math.max(server.seenTerm, term);
}

/** A higher term: was it taken up for somebody who only asks for votes? */
function checkAdoption(scene: Scene, server: ObservedServer, term: Term): void {
  const { body, from, config } = scene;
  if (body?.kind !== 'RequestVote' || body.term !== term || body.preVote === true) return;
  if (!config.checkQuorum || body.leadershipTransfer === true) return;
  checkUndisturbed(scene, server, `took up term ${term} of S${from}, which asked for its vote`);
}

function stand(scene: Scene, server: ObservedServer): void {
  checkTimeout(scene, server);
  checkMayStand(scene, server);
  server.stoodIndex = server.issued.last;
  server.stoodTerm = server.issued.lastTerm;
  server.stoodIn = server.inForce;
}

function giveVote(scene: Scene, server: ObservedServer, term: Term, candidate: NodeId): void {
  server.timer.hasVoted = !scene.isTimerSet;
  const { body } = scene;
  const isTransfer = body?.kind === 'RequestVote' && body.leadershipTransfer === true;
  if (!isTransfer) checkWaited(scene, server, term, candidate);
  if (checkAsked(scene, server, term, candidate)) checkUpToDate(scene, server, term, candidate);
}

/** Entries of an append, one behind the other. */
function writeEntries(
  scene: Scene,
  server: ObservedServer,
  first: LogIndex,
  entries: readonly Entry[],
): void {
  for (let i = 0; i < entries.length; i += 1) {
    const entry = entries[i]!;
    const index = first + i;
    if (index <= server.issued.base) continue;
    checkOrigin(scene, server, index, entry);
    server.issued.carryOut({ kind: 'overwrite', index, entries: [entry] }, -1, null);
  }
}

/** Replaces entries in place; what stands behind them stays. */
function overwrite(
  scene: Scene,
  server: ObservedServer,
  index: LogIndex,
  entries: readonly Entry[],
): void {
  const { issued } = server;
  let replaced = 0;
  for (let i = 0; i < entries.length && replaced === 0; i += 1) {
    const own = issued.at(index + i);
    if (own !== undefined && !isSameEntry(own, entries[i]!)) replaced = index + i;
  }
  if (replaced > 0) checkDeletion(scene, server, replaced);
  writeEntries(scene, server, index, entries);
  const behind = index + entries.length;
  const kept = issued.at(behind);
  if (replaced > 0 && kept !== undefined) reportKept(scene, server, replaced, behind, kept.term);
}

function checkDeletion(scene: Scene, server: ObservedServer, index: LogIndex): void {
  const hasLost = server.taughtBy(server.issuedTerm) !== undefined;
  if (server.hasOwnVote && !hasLost) reportDeleted(scene, server, index);
  else checkConflict(scene, server, index);
}

/** Where does an entry come from that is written: from a leader, or did the server make it? */
function checkOrigin(scene: Scene, server: ObservedServer, index: LogIndex, entry: Entry): void {
  for (let i = server.leaders.length - 1; i >= 0; i -= 1) {
    const teachings = server.leaders[i]!;
    if (!teachings.shows(index, entry)) continue;
    if (teachings.isCurrent) checkPredecessor(scene, server, index, entry, teachings);
    // What a failed write had brought may be written again in a later term.
    else if (!server.hasLostWrites) reportOutdated(scene, server, index, entry, teachings);
    return;
  }
  const known = server.created.get(index);
  if (known !== undefined && isSameEntry(known, entry)) return;
  for (let i = server.leaders.length - 1; i >= 0; i -= 1) {
    const teachings = server.leaders[i]!;
    const place = teachings.placeOf(entry);
    if (place === 0) continue;
    reportMisplaced(scene, server, index, entry, teachings, place);
    return;
  }
  checkCreation(scene, server, index, entry);
}

function checkCreation(scene: Scene, server: ObservedServer, index: LogIndex, entry: Entry): void {
  if (entry.term !== server.issuedTerm || !server.hasOwnVote) {
    reportInvented(scene, server, index, entry);
    return;
  }
  actAsLeader(scene, server, entry.term);
  if (entry.configuration !== undefined) {
    checkChange(scene, server, index, entry.configuration);
  }
  if (server.reign.firstIndex === 0) server.reign.firstIndex = index;
  checkPlaceUnused(scene, server, index, entry);
  checkRequested(scene, server, index, entry);
  server.created.set(index, entry);
}
