/**
 * Bringing new voters up to date before they vote (thesis §4.2.1): with one that lacks most of the
 * log the cluster might commit nothing for as long as that takes. It goes in rounds. Each brings
 * them what the log held when it began; what came meanwhile is the next one's. When a round took
 * less than an election timeout, the rest will not be missed.
 */
import { assert } from './assert.ts';
import type { Configuration, NodeId } from './messages.ts';
import type { RaftState } from './raft-state.ts';
import type { MembershipChange } from './waiting.ts';

/** Somebody for whom so many rounds are not enough is slower than the log grows. */
const catchUpRoundsMax = 10;

/** Times electionMsMax: for so long a new voter may show no progress. */
const silentTimeoutsMax = 4;

/** The first round. Without anybody joining there is nothing to wait for. */
export function startCatchUp(
  state: RaftState,
  id: string,
  target: Configuration,
  joining: readonly NodeId[],
): MembershipChange {
  return {
    id,
    target,
    joining,
    round: 1,
    roundStartMs: state.now,
    roundEndIndex: state.log.lastIndex,
    progress: joining.map(() => 0),
    movedMs: joining.map(() => state.now),
  };
}

/** Looks at how far they are, and begins the next round where one is over. */
export function catchUp(
  state: RaftState,
  change: MembershipChange,
): 'running' | 'caughtUp' | 'givenUp' {
  assert(change.joining.length > 0, 'somebody is joining');
  const { joining, roundStartMs, roundEndIndex } = change;
  if (joining.every((server) => state.matchIndex[server]! >= roundEndIndex)) {
    if (state.now - roundStartMs < state.config.electionMsMin) return 'caughtUp';
    if (change.round === catchUpRoundsMax) return 'givenUp';
    state.membershipChange = nextRound(state, change);
    return 'running';
  }
  return isStuck(state, noteProgress(state, change)) ? 'givenUp' : 'running';
}

/** Everybody starts it afresh: who was ahead of the others may have been silent while it waited. */
function nextRound(state: RaftState, change: MembershipChange): MembershipChange {
  return {
    ...change,
    round: change.round + 1,
    roundStartMs: state.now,
    roundEndIndex: state.log.lastIndex,
    movedMs: change.movedMs.map(() => state.now),
  };
}

function noteProgress(state: RaftState, change: MembershipChange): MembershipChange {
  const { joining, progress, movedMs } = change;
  const reached = joining.map((server) => progressOf(state, server));
  if (reached.every((place, at) => place === progress[at])) return change;
  const moved: MembershipChange = {
    ...change,
    progress: reached,
    movedMs: movedMs.map((ms, at) => (reached[at] === progress[at] ? ms : state.now)),
  };
  state.membershipChange = moved;
  return moved;
}

/** Changes with every entry that is acknowledged, and with every chunk of a snapshot. */
function progressOf(state: RaftState, server: NodeId): number {
  return state.matchIndex[server]! + (state.snapshots.transfers[server]?.offset ?? 0);
}

/** Who has what the round asks for waits for the others, and may be silent. */
function isStuck(state: RaftState, change: MembershipChange): boolean {
  const { joining, roundEndIndex, movedMs } = change;
  const silenceMsMax = silentTimeoutsMax * state.config.electionMsMax;
  return joining.some((server, at) => {
    if (state.matchIndex[server]! >= roundEndIndex) return false;
    return state.now - movedMs[at]! > silenceMsMax;
  });
}
