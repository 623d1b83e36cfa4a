/** Changes of membership (§6, thesis ch. 4). */
import type { Mutant } from '../mutant.ts';

export const MEMBERSHIP_MUTANTS: readonly Mutant[] = [
  {
    id: 'removed-leader-never-steps-down',
    title: 'A leader that C_new leaves out goes on leading',
    needs: 'a change that removes the leader',
    edits: [
      {
        file: 'core/membership.ts',
        find: `  if (!isVoter(state.configuration, state.self)) leaveOffice(state, out);\n`,
        replace: ``,
      },
    ],
    breaks: ['configuration-settles'],
    section: '§6',
    source: ['tikv/raft-rs#584', 'canonical/raft#235'],
  },
  {
    id: 'naive-multi-node-swap',
    title: 'Several servers are exchanged at once, without the joint phase',
    needs: 'a change of more than one server, and a partition along it',
    edits: [
      {
        file: 'core/membership.ts',
        find: `    config.membership === 'singleServer' || countChangedVoters(configuration, target) === 0;`,
        replace: `    config.membership === 'singleServer' || countChangedVoters(configuration, target) >= 0;`,
      },
    ],
    breaks: ['configurations-intersect'],
    section: '§6',
    source: ['Raft paper, Figure 10'],
  },
  {
    id: 'learner-counted-in-quorum',
    title: 'The copies of learners count as those of voters do',
    needs: 'learners, and voters that lag behind',
    edits: [
      {
        file: 'core/quorum.ts',
        find: `export function committedIndex(
  { voters, newVoters }: Configuration,
  matchIndex: readonly LogIndex[],
): LogIndex {
  const committed = committedIndexAmong(voters, matchIndex);`,
        replace: `export function committedIndex(
  { voters, newVoters, learners }: Configuration,
  matchIndex: readonly LogIndex[],
): LogIndex {
  const committed = committedIndexAmong([...voters, ...learners], matchIndex);`,
      },
    ],
    breaks: ['committed-on-quorum', 'committed-for-good'],
    section: 'thesis §4.2.1',
    source: ['Mininglamp-OSS/octo-im#43'],
  },
  {
    id: 'quorum-size-cached',
    title: 'A majority is as many as it was when the cluster began',
    needs: 'a cluster that grows',
    edits: [
      {
        file: 'core/commit.ts',
        find: `  const majorityIndex = committedIndex(state.configuration, state.matchIndex);`,
        replace: `  const needed = Math.floor(state.bootstrap.voters.length / 2) + 1;
  const copies = state.configuration.voters.map((voter) => state.matchIndex[voter]!);
  const cached = copies.sort((a, b) => b - a)[needed - 1] ?? 0;
  const majorityIndex = Math.max(cached, committedIndex(state.configuration, state.matchIndex));`,
      },
    ],
    breaks: ['committed-on-quorum', 'committed-for-good'],
    section: '§6',
    source: ['adsharma/raft#15'],
  },
  {
    id: 'config-not-rolled-back',
    title: 'A configuration stays in force when its entry is truncated',
    needs: 'a leader that is deposed with a configuration nobody else has',
    edits: [
      {
        file: 'core/adopt-configuration.ts',
        find: `  if (state.configurationIndex > state.log.lastIndex) reloadConfiguration(state);`,
        replace: `  state.configurationIndex = Math.min(state.configurationIndex, state.log.lastIndex);`,
      },
    ],
    breaks: [
      'elected-by-majority',
      'snapshot-label',
      'configurations-intersect',
      'leader-election-liveness',
    ],
    section: '§6',
    source: ['camunda/camunda#57393', 'canonical/raft#323', 'nats-io/nats-server#7670'],
  },
  {
    id: 'new-leader-ignores-uncommitted-config',
    title: 'A new leader goes by the last configuration that it knows to be committed',
    needs: 'a leader that dies in the middle of a change',
    edits: [
      {
        file: 'core/election.ts',
        find: `  noteLeaving(state);
  updatePeers(state);\n`,
        replace: `  const known = configurationAt(
    state.log,
    state.commitIndex,
    state.snapshots.durable,
    state.bootstrap,
  );
  state.configuration = known.configuration;
  state.configurationIndex = known.index;
  noteLeaving(state);
  updatePeers(state);\n`,
      },
      {
        file: 'core/election.ts',
        find: `import { isVoter } from './configuration.ts';`,
        replace: `import { configurationAt, isVoter } from './configuration.ts';`,
      },
    ],
    breaks: [
      'snapshot-label',
      'configuration-settles',
      'leader-election-liveness',
      'convergence',
      'elected-by-majority',
      'committed-on-quorum',
    ],
    section: '§6',
    source: ['eBay/NuRaft#67'],
  },
  {
    id: 'joint-vote-union-majority',
    title: 'While joint, a majority of all servers together elects',
    needs: 'a joint configuration, and a new side that is larger than the old',
    edits: [
      {
        file: 'core/quorum.ts',
        find: `  const result = voteResultAmong(voters, votes);
  if (newVoters === null) return result;`,
        replace: `  const result = voteResultAmong(voters, votes);
  if (newVoters === null) return result;
  const union = [...new Set([...voters, ...newVoters])];
  if (union.length > 0) return voteResultAmong(union, votes);`,
      },
    ],
    breaks: ['elected-by-majority'],
    section: '§6',
    source: ['arXiv:2406.17455'],
  },
  {
    id: 'learner-refuses-vote',
    title: 'A server that takes itself for a learner refuses its vote',
    needs: 'a learner that was promoted and does not know it, and whose vote is needed',
    edits: [
      {
        file: 'core/election.ts',
        find: `    hasJoined(state) &&\n`,
        replace: `    hasJoined(state) &&
    isVoter(state.configuration, state.self) &&\n`,
      },
    ],
    breaks: ['leader-election-liveness', 'configuration-settles'],
    section: 'thesis §4.2.1',
    source: ['tikv/raft-rs#57', 'etcd-io/etcd#10998'],
  },
  {
    id: 'single-server-2015',
    title: 'A leader changes the membership before it has committed anything in its term',
    needs: 'changes of single servers, and two leaders that each make one',
    edits: [
      {
        file: 'core/membership.ts',
        find: `  return configurationIndex <= commitIndex && log.termAt(commitIndex) === currentTerm;`,
        replace: `  return configurationIndex <= commitIndex && log.lastTerm <= currentTerm;`,
      },
    ],
    breaks: ['configurations-intersect', 'leader-completeness', 'committed-on-quorum'],
    section: 'thesis §4.1',
    source: [
      'raft-dev: bug in single-server membership changes',
      'hydro-project/hydro#3192',
      'baidu/braft#182',
    ],
  },
  {
    id: 'leave-joint-before-commit',
    title: 'A leader that finds C_old,new in its log appends C_new at once',
    needs: 'a leader that comes to office while the configuration is joint and not committed',
    edits: [
      {
        file: 'core/membership.ts',
        find: `  if (state.configurationIndex > state.commitIndex) return;
  if (isJoint(state.configuration)) {`,
        replace: `  const isFound = state.configurationIndex < state.reignIndex && isJoint(state.configuration);
  if (state.configurationIndex > state.commitIndex && !isFound) return;
  if (isJoint(state.configuration)) {`,
      },
    ],
    breaks: ['configurations-intersect'],
    section: '§6',
    source: ['camunda/camunda#60086', 'camunda/camunda#61854'],
  },
  {
    id: 'removed-leader-counts-self',
    title: 'A leader outside C_new counts its own copy',
    needs: 'a change that removes the leader, and followers that lag behind',
    edits: [
      {
        file: 'core/commit.ts',
        find: `  const majorityIndex = committedIndex(state.configuration, state.matchIndex);`,
        replace: `  const { voters } = state.configuration;
  const needed = Math.floor(voters.length / 2) + 1;
  const counted = voters.includes(state.self) ? voters : [...voters, state.self];
  const copies = counted.map((voter) => state.matchIndex[voter]!).sort((a, b) => b - a);
  const isOutside = counted !== voters && state.configuration.newVoters === null;
  const majorityIndex = isOutside
    ? copies[needed - 1]!
    : committedIndex(state.configuration, state.matchIndex);`,
      },
    ],
    breaks: ['committed-on-quorum'],
    section: 'thesis §4.2.2',
    source: ['Ongaro, thesis §4.2.2'],
  },
  {
    id: 'fast-commit-across-config-entry',
    title: 'A leader that was alone commits the entry that makes it one of several by itself',
    needs: 'a cluster of one server that grows',
    edits: [
      {
        file: 'core/membership.ts',
        find: `  state.log.append(entry);
  adoptAppended(state, [entry]);
  persistAppend(state, [entry], out);`,
        replace: `  const wasAlone = state.configuration.voters.length === 1 && !isJoint(state.configuration);
  state.log.append(entry);
  adoptAppended(state, [entry]);
  persistAppend(state, [entry], out);
  if (wasAlone) state.commitIndex = state.log.lastIndex;`,
      },
    ],
    breaks: ['committed-on-quorum', 'configurations-intersect'],
    section: '§6',
    source: ['databendlabs/openraft#364', 'RedisLabs/raft#13'],
  },
];
