import { describe, expect, it } from 'vitest';
import { startCatchUp } from '../../core/catch-up.ts';
import type { Snapshot } from '../../core/messages.ts';
import { cloneRaftState, type RaftState } from '../../core/raft-state.ts';
import { equalRaftStates } from '../../core/raft-state-equality.ts';
import { hashRaftState } from '../../core/raft-state-hash.ts';
import { Cluster, imageOf } from './cluster.ts';

/** A leader with clients waiting, writes unfinished and a follower behind. */
function busyState(): RaftState {
  const cluster = new Cluster(3, { images: { 1: imageOf(2, [1, 1, 2]), 2: imageOf(2, [1]) } });
  cluster.elect(1, [1, 2]);
  cluster.request(1, 'put x 1', 'put y 2');
  const state = cluster.state(1);
  const body = { kind: 'RequestVoteResponse', term: 3, voteGranted: true } as const;
  state.waiting.push({ to: 2, body, durableIndex: 0 });
  const command = { clientId: 2, seq: 1, op: 'put z 3' };
  state.queuedRequests.push({ id: 'queued', command, readOnly: false });
  state.waitingReads.push({ id: 'read', readIndex: 2, round: 1 });
  state.transfer = { id: 'transfer', to: 2, giveUpMs: 300, askMs: 0, isAsked: false };
  const { snapshots } = state;
  snapshots.pendingWrites.push({ id: 4, snapshot });
  snapshots.taking = { ...snapshot, lastIncludedIndex: 8 };
  snapshots.requests.push({ id: 'wanted', index: 8 });
  snapshots.incoming = { ...snapshot, term: 3 };
  const answer = {
    kind: 'InstallSnapshotResponse',
    term: 3,
    lastIncludedIndex: 7,
    nextOffset: 5,
    done: true,
  } as const;
  snapshots.installer = { leaderId: 2, answer };
  snapshots.transfers[3] = { snapshot, offset: 1 };
  const target = { voters: [1, 2, 3, 4], newVoters: null, learners: [] };
  state.membershipChange = startCatchUp(state, 'change', target, [4]);
  return state;
}

const snapshot: Snapshot = {
  lastIncludedIndex: 7,
  lastIncludedTerm: 2,
  configuration: { voters: [1, 2, 3], newVoters: null, learners: [] },
  data: 'state',
};

/** One small change to each field that can change. */
const changes: Record<string, (state: RaftState) => void> = {
  currentTerm: (state) => (state.currentTerm += 1),
  votedFor: (state) => (state.votedFor = 3),
  'log, longer': (state) => state.log.append({ term: 9, command: null }),
  'log, shorter': (state) => state.log.truncateFrom(state.log.lastIndex),
  'log, other': (state) => {
    const command = { clientId: 1, seq: 7, op: 'put x 1' };
    const { term } = state.log.entryAt(state.log.lastIndex);
    state.log.truncateFrom(state.log.lastIndex);
    state.log.append({ term, command });
  },
  'log, other configuration': (state) => {
    const configuration = { voters: [1], newVoters: null, learners: [] };
    const { term } = state.log.entryAt(state.log.lastIndex);
    state.log.truncateFrom(state.log.lastIndex);
    state.log.append({ term, command: null, configuration });
  },
  'configuration, voters': (state) => {
    state.configuration = { ...state.configuration, voters: [1, 2] };
  },
  'configuration, joint': (state) => {
    state.configuration = { ...state.configuration, newVoters: [1, 2] };
  },
  'configuration, learners': (state) => {
    state.configuration = { ...state.configuration, learners: [4] };
  },
  configurationIndex: (state) => (state.configurationIndex += 1),
  peers: (state) => (state.peers = [2, 3, 4]),
  role: (state) => (state.role = 'candidate'),
  leaderId: (state) => (state.leaderId = 2),
  protectsLeaderUntilMs: (state) => (state.protectsLeaderUntilMs += 1),
  commitIndex: (state) => (state.commitIndex += 1),
  lastApplied: (state) => (state.lastApplied += 1),
  isApplyTimerSet: (state) => (state.isApplyTimerSet = true),
  'votes, granted': (state) => (state.votes[3] = true),
  'votes, refused': (state) => (state.votes[3] = false),
  nextIndex: (state) => (state.nextIndex[2]! += 1),
  matchIndex: (state) => (state.matchIndex[2]! += 1),
  inflight: (state) => (state.inflight[2]! += 1),
  isProbing: (state) => (state.isProbing[2] = !state.isProbing[2]),
  stalledHeartbeats: (state) => (state.stalledHeartbeats[2]! += 1),
  'rounds, newest': (state) => (state.rounds.newest += 1),
  'rounds, confirmed': (state) => (state.rounds.confirmed += 1),
  'rounds, confirmedBeganMs': (state) => (state.rounds.confirmedBeganMs += 1),
  'rounds, heardMs': (state) => (state.rounds.heardMs += 1),
  'rounds, beganMs': (state) => state.rounds.beganMs.push(1),
  'rounds, answered': (state) => (state.rounds.answered[2]! += 1),
  reignIndex: (state) => (state.reignIndex += 1),
  isLeaseGivenUp: (state) => (state.isLeaseGivenUp = true),
  'waitingReads, fewer': (state) => state.waitingReads.pop(),
  'waitingReads, other': (state) => {
    state.waitingReads[0] = { ...state.waitingReads[0]!, round: 7 };
  },
  'transfer, none': (state) => (state.transfer = null),
  'transfer, other': (state) => (state.transfer!.isAsked = true),
  'membershipChange, none': (state) => (state.membershipChange = null),
  'membershipChange, id': (state) => {
    state.membershipChange = { ...state.membershipChange!, id: 'other' };
  },
  'membershipChange, target': (state) => {
    const target = { voters: [1, 2], newVoters: null, learners: [] };
    state.membershipChange = { ...state.membershipChange!, target };
  },
  'membershipChange, joining': (state) => {
    state.membershipChange = { ...state.membershipChange!, joining: [] };
  },
  'membershipChange, round': (state) => {
    state.membershipChange = { ...state.membershipChange!, round: 2 };
  },
  'membershipChange, roundStartMs': (state) => {
    state.membershipChange = { ...state.membershipChange!, roundStartMs: 1 };
  },
  'membershipChange, roundEndIndex': (state) => {
    state.membershipChange = { ...state.membershipChange!, roundEndIndex: 1 };
  },
  'membershipChange, progress': (state) => {
    state.membershipChange = { ...state.membershipChange!, progress: [1] };
  },
  'membershipChange, movedMs': (state) => {
    state.membershipChange = { ...state.membershipChange!, movedMs: [1] };
  },
  leaving: (state) => (state.leaving = [3]),
  leavingUntilMs: (state) => (state.leavingUntilMs = 1),
  'queuedRequests, fewer': (state) => state.queuedRequests.pop(),
  'queuedRequests, other': (state) => {
    const request = state.queuedRequests.pop()!;
    state.queuedRequests.push({ ...request, id: 'other' });
  },
  'pendingRequests, fewer': (state) => state.pendingRequests.pop(),
  'pendingRequests, other': (state) => {
    const request = state.pendingRequests.pop()!;
    state.pendingRequests.push({ ...request, id: 'other' });
  },
  lastWriteId: (state) => (state.lastWriteId += 1),
  writtenTerm: (state) => (state.writtenTerm += 1),
  writtenVotedFor: (state) => (state.writtenVotedFor = 3),
  hardStateWriteId: (state) => (state.hardStateWriteId += 1),
  isHardStateDurable: (state) => (state.isHardStateDurable = !state.isHardStateDurable),
  writtenCommitIndex: (state) => (state.writtenCommitIndex += 1),
  commitWriteId: (state) => (state.commitWriteId += 1),
  'pendingLogWrites, fewer': (state) => state.pendingLogWrites.shift(),
  'pendingLogWrites, other': (state) => (state.pendingLogWrites[0]!.lastIndex -= 1),
  durableIndex: (state) => (state.durableIndex -= 1),
  'log, compacted': (state) => state.log.compactTo(1),
  'snapshots, durable': ({ snapshots }) => (snapshots.durable = { ...snapshot, data: 'other' }),
  'snapshots, written': ({ snapshots }) => snapshots.pendingWrites.pop(),
  'snapshots, taking': ({ snapshots }) => (snapshots.taking = null),
  'snapshots, asked for': ({ snapshots }) => snapshots.requests.pop(),
  'snapshots, incoming': ({ snapshots }) => {
    snapshots.incoming = { ...snapshots.incoming!, data: 'more' };
  },
  'snapshots, installer': ({ snapshots }) => {
    const { leaderId, answer } = snapshots.installer!;
    snapshots.installer = { leaderId, answer: { ...answer, nextOffset: 2 } };
  },
  'snapshots, transfers': ({ snapshots }) => (snapshots.transfers[3] = { snapshot, offset: 2 }),
  'waiting, fewer': (state) => state.waiting.pop(),
  'waiting, other': (state) => {
    const body = { kind: 'RequestVoteResponse', term: 4, voteGranted: true } as const;
    state.waiting[0] = { to: 2, body, durableIndex: 0 };
  },
};

describe('clone, hash and equality of a state', () => {
  it('a clone is equal and has the same hash', () => {
    const state = busyState();
    const clone = cloneRaftState(state);
    expect(equalRaftStates(state, clone)).toBe(true);
    expect(hashRaftState(clone)).toBe(hashRaftState(state));
    expect(hashRaftState(state, 1)).not.toBe(hashRaftState(state));
  });

  it('equal is by value: two runs of the same events', () => {
    expect(equalRaftStates(busyState(), busyState())).toBe(true);
    expect(hashRaftState(busyState())).toBe(hashRaftState(busyState()));
  });

  it.each(Object.keys(changes))('sees a change of %s, and the clone does not', (name) => {
    const state = busyState();
    const clone = cloneRaftState(state);
    const hash = hashRaftState(state);
    changes[name]!(clone);
    expect(equalRaftStates(state, clone)).toBe(false);
    expect(hashRaftState(clone)).not.toBe(hash);
    expect(hashRaftState(state)).toBe(hash);
  });

  it('has a change above for every field that can change', () => {
    const ofTheEvent = ['now', 'wallClock'];
    const ofTheLife = ['self', 'bootstrap', 'config', 'isStateMachineDurable'];
    const ofTheConfig = ['countsRounds', 'protectsLeaders', 'leaseMs'];
    const fixed = [...ofTheEvent, ...ofTheLife, ...ofTheConfig];
    const changed = new Set(Object.keys(changes).map((name) => name.split(',')[0]));
    expect(
      Object.keys(busyState())
        .filter((key) => !fixed.includes(key))
        .sort(),
    ).toEqual([...changed].sort());
  });
});
