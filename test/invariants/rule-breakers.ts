/** One-idea bugs of the core for rules that no directed schedule breaks first. */
import type { Edit } from '../../scenarios/mutants/mutant.ts';
import { script } from '../../scenarios/script.ts';
import type { ProfileName } from '../../sim/generate/profile-names.ts';
import type { Plan } from '../../sim/kernel/plan.ts';

export interface Breaker {
  readonly rule: string;
  /** Plans that lead there: of a profile, this one, or any. */
  readonly plans: ProfileName | Plan | null;
  readonly edits: readonly Edit[];
}

type OneEdit = readonly [file: string, find: string, replace: string];

function breaks(rule: string, plans: Breaker['plans'], ...edits: readonly OneEdit[]): Breaker {
  const whole = edits.map(([file, find, replace]) => ({ file: `core/${file}`, find, replace }));
  return { rule, plans, edits: whole };
}

const quiet = { quietTimers: true, electionMs: [150, 300] } as const;

/** Two operators who know nothing of each other. */
const twoChanges = script({ size: 3, spares: 2, ...quiet, diskMs: 20 })
  .at(100)
  .elapse(1)
  .at(300)
  .changeMembership([1, 2, 3], { learners: [4] })
  .at(302)
  .changeMembership([1, 2, 3], { learners: [5], by: 2 })
  .plan();

/** S4 only learns, and S3 hears nothing. */
const learnerAhead = script({ size: 3, spares: 1, ...quiet })
  .at(100)
  .elapse(1)
  .at(300)
  .changeMembership([1, 2, 3], { learners: [4] })
  .at(400)
  .isolate(2)
  .isolate(3)
  .at(500)
  .request(1, 'put x 1')
  .plan();

/** A read comes while the answers to an older round are on their way. */
const readDuringRound = script({ size: 3, ...quiet, reads: 'readIndex', latencyMs: 10 })
  .at(100)
  .elapse(1)
  .at(400)
  .heartbeat(1)
  .at(405)
  .request(1, 'get x')
  .plan();

/** A leader that nobody hears any more, and a read. */
const lonelyRead = script({ size: 3, reads: 'lease', checkQuorum: true })
  .timer(1, 'election', 1, 160)
  .timer(2, 'election', 1, 300)
  .timer(3, 'election', 1, 300)
  .at(400)
  .isolate(1)
  .at(600)
  .request(1, 'get x')
  .plan();

/** A leader is asked for a change before it has committed anything. */
const earlyChange = script({ size: 3, spares: 1, ...quiet, diskMs: 20 })
  .at(100)
  .elapse(1)
  .at(150)
  .changeMembership([1, 2, 3], { learners: [4], node: 1 })
  .plan();

export const BREAKERS: readonly Breaker[] = [
  // Figure 2.
  breaks('term-never-falls', null, [
    'storage.ts',
    `    currentTerm: state.currentTerm,\n`,
    `    currentTerm: state.votedFor === 0 ? 0 : state.currentTerm,\n`,
  ]),
  breaks('candidate-shows-own-log', null, [
    'election.ts',
    `lastLogTerm: state.log.lastTerm`,
    `lastLogTerm: state.currentTerm - 1`,
  ]),
  breaks('apply-own-entry', null, [
    'commit.ts',
    `    out.apply(index, entry);\n`,
    `    out.apply(index, { term: entry.term + 1, command: entry.command });\n`,
  ]),
  breaks('election-timer-runs', null, ['roles.ts', `  resetElectionTimer(state, out);\n`, ``]),
  // Elections that protect leaders, and pre-votes.
  breaks('leader-not-disturbed', 'leases', [
    'check-quorum.ts',
    `body.leadershipTransfer !== true && hearsLeader(state)`,
    `body.leadershipTransfer !== true && state.role === 'leader'`,
  ]),
  breaks('restarted-voter-waits', 'leases', [
    'raft-state.ts',
    `isLease && boot > 0 ? event.now + config.electionMsMax : event.now`,
    `event.now`,
  ]),
  breaks('pre-vote-is-no-vote', 'leases', [
    'election.ts',
    `  state.votes.fill(null);\n  out.claim('candidate'`,
    `  out.claim('candidate'`,
  ]),
  breaks('pre-vote-changes-nothing', 'leases', [
    'step.ts',
    `return !body.preVote && !isProtectedFrom(state, body);`,
    `return !isProtectedFrom(state, body);`,
  ]),
  breaks('transfer-only-when-asked', 'leases', [
    'election.ts',
    `isTransfer ? { ...request, leadershipTransfer: true } : request`,
    `{ ...request, leadershipTransfer: true }`,
  ]),
  breaks('successor-up-to-date', 'leases', [
    'transfer.ts',
    `if (!isUpToDate || state.now < transfer.askMs) return;`,
    `if (state.now < transfer.askMs) return;`,
  ]),
  breaks('lonely-leader-steps-down', 'leases', [
    'check-quorum.ts',
    `if (isLost) becomeFollower`,
    `if (isLost && state.now < 0) becomeFollower`,
  ]),
  // Membership.
  breaks('joint-majorities', 'membership', [
    'quorum.ts',
    `return Math.min(committed, committedIndexAmong(newVoters, matchIndex));`,
    `return Math.max(committed, committedIndexAmong(newVoters, matchIndex));`,
  ]),
  breaks('latest-configuration-counts', 'membership', [
    'adopt-configuration.ts',
    `    if (configuration === undefined) continue;\n`,
    `    if (configuration === undefined || state.role === 'follower') continue;\n`,
  ]),

  breaks('learner-not-counted', learnerAhead, [
    'commit.ts',
    `const majorityIndex = committedIndex(state.configuration, state.matchIndex);`,
    `const { voters, learners } = state.configuration;
  const counted = [...learners, ...voters].slice(0, voters.length);
  const majorityIndex = committedIndex({ voters: counted, newVoters: null, learners }, state.matchIndex);`,
  ]),
  breaks(
    'only-voters-stand',
    'membership',
    [
      'standing.ts',
      `  return isVoter(previousConfiguration(state), state.self);\n`,
      `  return true;\n`,
    ],
    ['standing.ts', `  if (state.configurationIndex <= state.commitIndex) return false;\n`, ``],
  ),
  breaks(
    'one-change-at-a-time',
    twoChanges,
    [
      'membership.ts',
      `  if (state.membershipChange !== null || isJoint(configuration)) return false;\n`,
      ``,
    ],
    [
      'membership.ts',
      `return configurationIndex <= commitIndex && log.termAt(commitIndex) === currentTerm;`,
      `return configurationIndex >= 0 && log.termAt(commitIndex) === currentTerm;`,
    ],
  ),
  breaks('joint-committed-first', 'membership', [
    'membership.ts',
    `  if (state.configurationIndex > state.commitIndex) return;\n  if (isJoint`,
    `  if (isJoint`,
  ]),
  breaks('change-after-own-commit', earlyChange, [
    'membership.ts',
    `return configurationIndex <= commitIndex && log.termAt(commitIndex) === currentTerm;`,
    `return configurationIndex <= commitIndex && log.termAt(commitIndex) <= currentTerm;`,
  ]),
  breaks('change-in-steps', 'membership', [
    'membership.ts',
    `config.membership === 'singleServer' || countChangedVoters(configuration, target) === 0;`,
    `config.membership === 'singleServer' || countChangedVoters(configuration, target) >= 0;`,
  ]),
  breaks('removed-leader-steps-down', 'membership', [
    'membership.ts',
    `if (!isVoter(state.configuration, state.self)) leaveOffice(state, out);`,
    `if (state.now < 0) leaveOffice(state, out);`,
  ]),
  breaks('operator-told-truth', 'membership', [
    'membership.ts',
    `  if (state.configurationIndex > state.commitIndex) return;\n  if (isJoint`,
    `  if (state.membershipChange?.joining.length === 0) answerChange(state, 'ok', out);
  if (state.configurationIndex > state.commitIndex) return;\n  if (isJoint`,
  ]),
  // Snapshots.
  breaks('snapshot-label', 'snapshots', [
    'snapshots.ts',
    `lastIncludedTerm: state.log.termAt(lastApplied),`,
    `lastIncludedTerm: state.currentTerm,`,
  ]),
  breaks('newest-snapshot-stays', 'snapshots', [
    'snapshots.ts',
    `if (lastIncludedIndex > state.commitIndex) install(state, snapshot, out);`,
    `install(state, snapshot, out);`,
  ]),
  breaks(
    'snapshot-received-whole',
    'snapshots',
    [
      'install-snapshot.ts',
      `const data = offset === before.length ? before + body.data : before;`,
      `const data = offset >= 0 ? before + body.data : before;`,
    ],
    [
      'install-snapshot.ts',
      `!body.done || data.length !== body.offset + body.data.length`,
      `!body.done`,
    ],
  ),
  breaks('compaction-behind-snapshot', 'snapshots', [
    'snapshots.ts',
    `  persistSnapshot(state, { lastIncludedIndex, lastIncludedTerm, configuration, data }, out);\n}`,
    `  const snapshot = { lastIncludedIndex, lastIncludedTerm, configuration, data };
  persistSnapshot(state, snapshot, out);
  snapshots.durable = snapshot;
  compactLog(state, out);\n}`,
  ]),
  breaks('install-keeps-agreeing-log', 'snapshots', [
    'snapshots.ts',
    `if (!log.has(lastIncludedIndex, lastIncludedTerm)) {`,
    `if (!log.has(lastIncludedIndex, -1)) {`,
  ]),
  breaks('install-drops-conflicting-log', 'snapshots', [
    'snapshots.ts',
    `if (!log.has(lastIncludedIndex, lastIncludedTerm)) {`,
    `if (log.lastIndex < lastIncludedIndex) {`,
  ]),
  breaks('install-durable', 'snapshots', [
    'install-snapshot.ts',
    `  snapshots.installer = { leaderId: from, answer: doneAnswerTo(state, body) };\n}`,
    `  out.send(from, doneAnswerTo(state, body));\n}`,
  ]),
  breaks('sends-own-snapshot', 'snapshots', [
    'snapshot-transfer.ts',
    `lastIncludedTerm: snapshot.lastIncludedTerm,`,
    `lastIncludedTerm: state.currentTerm,`,
  ]),
  // Reads.
  breaks('read-after-own-commit', 'leases', [
    'reads.ts',
    `readIndex: readIndex(state.commitIndex, state.reignIndex),`,
    `readIndex: state.commitIndex,`,
  ]),
  breaks('read-after-fresh-round', readDuringRound, [
    'reads.ts',
    `round: state.rounds.newest + 1,`,
    `round: state.rounds.newest,`,
  ]),
  breaks('lease-in-time', lonelyRead, [
    'reads.ts',
    `return state.now < rounds.confirmedBeganMs + leaseMs;`,
    `return state.now < rounds.confirmedBeganMs + 3 * leaseMs;`,
  ]),
];
