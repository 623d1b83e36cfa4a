/** Time that is counted where it should be read: promises that outlast their end, or never end (thesis §6.4.1). */
import type { Mutant } from '../mutant.ts';

export const PAUSED_TIME_MUTANTS: readonly Mutant[] = [
  {
    id: 'lease-in-ticks-with-pause',
    title: 'The time of a lease is counted in heartbeats, which a pause stops',
    needs: 'leases, and a leader that is paused',
    edits: [
      {
        file: 'core/reads.ts',
        find: `  return state.now < rounds.confirmedBeganMs + leaseMs;`,
        replace: `  const beats = rounds.newest - rounds.confirmed + 1;
  return beats * state.config.heartbeatMs < leaseMs;`,
      },
    ],
    breaks: ['fresh-reads', 'linearizability'],
    section: 'thesis §6.4.1',
    source: ['tikv/tikv#964', 'etcd-io/etcd#20418', 'databendlabs/openraft#1916'],
  },
  {
    id: 'lease-tick-lockstep-livelock',
    title: 'A server protects a leader until its own timer is to run out, and so protects the dead',
    needs: 'check-quorum without pre-vote, and a leader that dies',
    edits: [
      {
        file: 'core/append-entries.ts',
        find: `state.protectsLeaderUntilMs = state.now + state.config.electionMsMin;`,
        replace: `state.protectsLeaderUntilMs = state.now + state.config.electionMsMax;`,
      },
      {
        file: 'core/election.ts',
        find: `  state.currentTerm += 1;
  state.votedFor = state.self;`,
        replace: `  state.protectsLeaderUntilMs = state.now + state.config.electionMsMax;
  state.currentTerm += 1;
  state.votedFor = state.self;`,
      },
      {
        file: 'core/standing.ts',
        find: `  if (state.protectsLeaders && hearsLeader(state)) return false;\n`,
        replace: ``,
      },
      {
        file: 'core/standing.ts',
        find: `import { hearsLeader } from './check-quorum.ts';\n`,
        replace: ``,
      },
    ],
    breaks: ['leader-election-liveness'],
    section: 'thesis §4.2.3',
    source: ['etcd-io/etcd#10483'],
  },
];
