/** Reads without the log, leases and transfers (thesis §6.4, §3.10). */
import type { Mutant } from '../mutant.ts';

export const READ_MUTANTS: readonly Mutant[] = [
  {
    id: 'read-local-at-leader',
    title: 'A leader answers reads at once',
    needs: 'reads without the log, and a leader that was deposed and does not know it',
    edits: [
      {
        file: 'core/reads.ts',
        find: `  const confirmed = holdsLease(state) ? rounds.newest + 1 : rounds.confirmed;`,
        replace: `  const confirmed = rounds.newest + 1;`,
      },
    ],
    breaks: ['fresh-reads', 'linearizability'],
    section: '§8, thesis §6.4',
    source: ['hashicorp/consul#54', 'hashicorp/raft#108', 'moby/swarmkit#1341'],
  },
  {
    id: 'readindex-before-own-term-commit',
    title: 'A new leader answers reads before it has committed anything in its term',
    needs: 'a leader that dies before it tells anyone what it has committed',
    edits: [
      {
        file: 'core/reads.ts',
        find: `    readIndex: readIndex(state.commitIndex, state.reignIndex),`,
        replace: `    readIndex: readIndex(state.commitIndex, 0),`,
      },
    ],
    breaks: ['fresh-reads', 'linearizability'],
    section: '§8, thesis §6.4',
    source: ['etcd-io/etcd#7331', 'tikv/tikv#9239', 'RedisLabs/redisraft#22'],
  },
  {
    id: 'lease-no-drift-margin',
    title: 'A lease is as long as the shortest election timeout, whatever the clocks do',
    needs: 'leases, and clocks that differ',
    edits: [
      {
        file: 'core/lease.ts',
        find: `(million - clockDriftPpm)`,
        replace: `(million + clockDriftPpm)`,
      },
    ],
    breaks: ['fresh-reads', 'linearizability'],
    section: 'thesis §6.4.1',
    source: ['tikv/tikv#964', 'sofastack/sofa-jraft#34'],
  },
  {
    id: 'readindex-joins-inflight-round',
    title: 'A read is confirmed by a round that was under way when it came',
    needs: 'answers that are slow, and another leader meanwhile',
    edits: [
      {
        file: 'core/reads.ts',
        find: `    round: state.rounds.newest + 1,`,
        replace: `    round: Math.max(1, state.rounds.newest),`,
      },
    ],
    breaks: ['fresh-reads', 'linearizability'],
    section: 'thesis §6.4',
    source: ['etcd-io/etcd#20418'],
  },
  {
    id: 'readindex-quorum-wrong-set',
    title: 'Learners confirm that a leader still leads',
    needs: 'learners on the side of a leader that is cut off',
    edits: [
      {
        file: 'core/check-quorum.ts',
        find: `  const confirmed = committedIndex(state.configuration, rounds.answered);`,
        replace: `  const { voters, learners } = state.configuration;
  const everybody = { voters: [...voters, ...learners], newVoters: null, learners: [] };
  const confirmed = committedIndex(everybody, rounds.answered);`,
      },
    ],
    breaks: ['fresh-reads', 'linearizability'],
    section: 'thesis §6.4',
    source: ['tikv/raft-rs#57'],
  },
  {
    id: 'lease-from-ack-arrival',
    title: 'A lease runs from the answers, not from the question',
    needs: 'leases, and answers that are slow',
    edits: [
      {
        file: 'core/rounds.ts',
        find: `    rounds.confirmedBeganMs = rounds.beganMs[passed - 1]!;`,
        replace: `    rounds.confirmedBeganMs = now;`,
      },
    ],
    breaks: ['fresh-reads', 'linearizability'],
    section: 'thesis §6.4.1',
    source: ['yugabyte/yugabyte-db#16'],
  },
  {
    id: 'read-round-not-reset-on-new-term',
    title: 'What was answered in an earlier reign of a leader counts in the next',
    needs: 'a server that leads again, and is cut off',
    edits: [
      {
        file: 'core/rounds.ts',
        find: `  rounds.answered.fill(0);`,
        replace: ``,
      },
    ],
    breaks: ['fresh-reads', 'linearizability', 'leader-stability', 'replication-liveness'],
    section: 'thesis §6.4',
    source: ['rabbitmq/ra#340', 'rabbitmq/ra#491'],
  },
  {
    id: 'late-timeoutnow-breaks-lease',
    title: 'A leader that has given a transfer up goes back to its lease',
    needs: 'leases, and a TimeoutNow that is late',
    edits: [
      {
        file: 'core/transfer.ts',
        find: `  state.isLeaseGivenUp = true;`,
        replace: `  state.isLeaseGivenUp = false;`,
      },
    ],
    breaks: ['fresh-reads', 'linearizability'],
    section: 'thesis §3.10, §6.4.1',
    source: ['tikv/raft-rs#234'],
  },
  {
    id: 'force-campaign-skips-log-check',
    title: 'A voter gives its vote without a look at the log when the leader has asked for it',
    needs: 'a transfer whose target falls behind before it stands',
    edits: [
      {
        file: 'core/election.ts',
        find: `    isLogUpToDate(body, state.log);
  const response: RequestVoteResponse = {`,
        replace: `    (body.leadershipTransfer === true || isLogUpToDate(body, state.log));
  const response: RequestVoteResponse = {`,
      },
    ],
    breaks: ['leader-completeness'],
    section: '§5.4.1, thesis §3.10',
    source: ['hashicorp/raft#581', 'redpanda-data/redpanda#2606'],
  },
  {
    id: 'prevote-grant-counted-as-vote',
    title: 'A candidate counts pre-votes that come late as votes',
    needs: 'pre-vote, and answers that are slow',
    edits: [
      {
        file: 'core/step.ts',
        find: `      if (body.preVote) handlePreVoteResponse(state, from, body, out);`,
        replace: `      if (body.preVote && state.role !== 'candidate') handlePreVoteResponse(state, from, body, out);`,
      },
    ],
    breaks: ['elected-by-majority', 'election-safety'],
    section: 'thesis §9.6',
    source: ['jmsadair/raft#53'],
  },
  {
    id: 'prevote-no-lease-check',
    title: 'A pre-vote is given though a leader is heard',
    needs: 'pre-vote, and a server that does not hear the leader',
    edits: [
      {
        file: 'core/pre-vote.ts',
        find: `import { hearsLeader } from './check-quorum.ts';\n`,
        replace: ``,
      },
      {
        file: 'core/pre-vote.ts',
        find: `  if (!hasJoined(state) || hearsLeader(state)) return false;`,
        replace: `  if (!hasJoined(state)) return false;`,
      },
    ],
    breaks: ['leader-stability'],
    section: 'thesis §9.6',
    source: ['nats-io/nats-server#5331', 'hashicorp/raft#12'],
  },
  {
    id: 'precandidate-keeps-leader',
    title: 'A server that knows of a leader refuses pre-votes, however long it has not heard it',
    needs: 'pre-vote, and a leader that is gone',
    edits: [
      {
        file: 'core/pre-vote.ts',
        find: `  state.role = 'preCandidate';
  state.leaderId = nobody;`,
        replace: `  state.role = 'preCandidate';
  if (state.leaderId === state.self) state.leaderId = nobody;`,
      },
      {
        file: 'core/pre-vote.ts',
        find: `  if (!hasJoined(state) || hearsLeader(state)) return false;`,
        replace: `  if (!hasJoined(state) || hearsLeader(state) || state.leaderId !== nobody) return false;`,
      },
    ],
    breaks: [
      'leader-election-liveness',
      'replication-liveness',
      'convergence',
      'configuration-settles',
    ],
    section: 'thesis §9.6',
    source: ['tikv/raft-rs#84', 'etcd-io/etcd#8334', 'hashicorp/raft#606'],
  },
  {
    id: 'prevote-refusal-term-ignored',
    title: 'A server does not take up a later term from a refused pre-vote',
    needs: 'pre-vote, and the longest log at a server whose term is behind',
    edits: [
      {
        file: 'core/step.ts',
        find: `  if (body.kind === 'RequestVoteResponse') return !body.preVote || !body.voteGranted;`,
        replace: `  if (body.kind === 'RequestVoteResponse') return !body.preVote;`,
      },
    ],
    breaks: ['leader-election-liveness'],
    section: 'thesis §9.6',
    source: ['Ongaro, thesis §9.6'],
  },
  {
    id: 'lease-promise-forgotten-at-restart',
    title: 'A server that starts anew votes at once, though a lease may rest on its promise',
    needs: 'leases, and a voter that crashes and is back before the lease is over',
    edits: [
      {
        file: 'core/raft-state.ts',
        find: `    protectsLeaderUntilMs: isLease && boot > 0 ? event.now + config.electionMsMax : event.now,`,
        replace: `    protectsLeaderUntilMs: isLease && boot > 0 ? event.now : event.now,`,
      },
    ],
    breaks: ['fresh-reads', 'linearizability'],
    section: 'thesis §6.4.1',
    source: ['Ongaro, thesis §6.4.1'],
  },
];
