/**
 * The follower's side of InstallSnapshot (§7, Figure 13): gathering the chunks, and telling the
 * leader when the whole is safe. What happens then is in snapshots.ts.
 */
import { followLeader } from './append-entries.ts';
import type { Outbox } from './contract.ts';
import type { InstallSnapshot, InstallSnapshotResponse, NodeId } from './messages.ts';
import type { RaftState } from './raft-state.ts';
import { type IncomingSnapshot, type Installer, newestSnapshotIndex } from './snapshot-state.ts';
import { persistSnapshot, sendWhenDurable } from './storage.ts';

export function handleInstallSnapshot(
  state: RaftState,
  from: NodeId,
  body: InstallSnapshot,
  out: Outbox,
): void {
  // Figure 13, 1: the answer tells a deposed leader the term.
  if (body.term < state.currentTerm) {
    out.send(from, answerTo(state, body, 0, false));
    return;
  }
  followLeader(state, body, out);
  // Appends have brought as much by now, or a snapshot that is being written will. A state machine
  // that took an older one would lose what it has applied since.
  const { snapshots } = state;
  if (body.lastIncludedIndex <= state.commitIndex) {
    promise(state, { leaderId: from, answer: doneAnswerTo(state, body) }, out);
  } else if (body.lastIncludedIndex <= newestSnapshotIndex(snapshots)) {
    snapshots.installer = { leaderId: from, answer: doneAnswerTo(state, body) };
  } else {
    gather(state, from, body, out);
  }
}

function gather(state: RaftState, from: NodeId, body: InstallSnapshot, out: Outbox): void {
  const { snapshots } = state;
  const incoming = withChunk(snapshots.incoming, body);
  snapshots.incoming = incoming;
  const { lastIncludedIndex, lastIncludedTerm, configuration, data } = incoming;
  const isNewest = lastIncludedIndex === body.lastIncludedIndex;
  if (!isNewest || !body.done || data.length !== body.offset + body.data.length) {
    out.send(from, answerTo(state, body, isNewest ? data.length : 0, false));
    return;
  }
  snapshots.incoming = null;
  persistSnapshot(state, { lastIncludedIndex, lastIncludedTerm, configuration, data }, out);
  snapshots.installer = { leaderId: from, answer: doneAnswerTo(state, body) };
}

/**
 * What has been gathered, with this chunk if it comes next; others are late, doubled or too early,
 * and the answer tells the leader which one is missing. Chunks of two leaders are never mixed, even
 * if both call their snapshots the same: the state machines may have written them differently.
 */
function withChunk(incoming: IncomingSnapshot | null, body: InstallSnapshot): IncomingSnapshot {
  const { term, lastIncludedIndex, lastIncludedTerm, configuration, offset } = body;
  const isSameLeader = incoming !== null && incoming.term === term;
  // A leader goes on to newer snapshots, never back: this one was on its way for long.
  if (isSameLeader && incoming.lastIncludedIndex > lastIncludedIndex) return incoming;
  const isSame = isSameLeader && incoming.lastIncludedIndex === lastIncludedIndex;
  const before = isSame ? incoming.data : '';
  const data = offset === before.length ? before + body.data : before;
  return { term, lastIncludedIndex, lastIncludedTerm, configuration, data };
}

/**
 * A snapshot is safe. The leader that has sent it may count this server as far as it reaches, if it
 * still leads: another does not know what this answers.
 */
export function answerInstaller(state: RaftState, out: Outbox): void {
  const { installer } = state.snapshots;
  if (installer === null || installer.answer.lastIncludedIndex > state.commitIndex) return;
  state.snapshots.installer = null;
  if (installer.answer.term === state.currentTerm) promise(state, installer, out);
}

/** `done` promises what is committed through there, so it waits for whatever of that is not safe. */
function promise(state: RaftState, { leaderId, answer }: Installer, out: Outbox): void {
  sendWhenDurable(state, leaderId, answer, answer.lastIncludedIndex, out);
}

function doneAnswerTo(state: RaftState, body: InstallSnapshot): InstallSnapshotResponse {
  return answerTo(state, body, body.offset + body.data.length, true);
}

function answerTo(
  state: RaftState,
  body: InstallSnapshot,
  nextOffset: number,
  done: boolean,
): InstallSnapshotResponse {
  const { lastIncludedIndex, round } = body;
  // A refusal of an older term bears the current one: the number would be taken for one of this.
  const isOld = body.term < state.currentTerm;
  const answer = {
    kind: 'InstallSnapshotResponse',
    term: state.currentTerm,
    lastIncludedIndex,
    nextOffset,
    done,
  } as const;
  return isOld || round === undefined ? answer : { ...answer, round };
}
