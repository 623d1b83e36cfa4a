/** A mutant as somebody would hand it in: what it declares, and how its program is built. */

import { moduleHost } from '../../sim/adapters/module-program.ts';
import { programImplementation } from '../../sim/adapters/program-implementation.ts';
import type { GradedImplementation } from '../../sim/grading/graded-run.ts';
import { type Capabilities, capabilitiesSchema } from '../../sim/protocol/capabilities.ts';
import type { Implementation } from '../../sim/run.ts';
import { type OwnConfig, serverProgram } from '../reference-program.ts';

interface Build {
  readonly declares?: Partial<Capabilities>;
  readonly own?: OwnConfig;
}

/** What most who take a course build: the paper without §6, and snapshots. */
const LEARNER: Partial<Capabilities> = {
  durability: 'explicit',
  reset: true,
  claims: true,
  snapshots: true,
};

const SMALL_STEPS: Build = { own: { applyBatchMax: 2 } };
const SMALL_MESSAGES: Build = { own: { batchEntriesMax: 1 } };
const GROUP_COMMIT: Build = { own: { groupCommit: true } };
const COMMIT_ON_DISK: Build = { own: { persistCommitIndex: true } };
const JOINT: Build = { declares: { membership: 'joint' } };
const SINGLE: Build = { declares: { membership: 'single' } };
const READ_INDEX: Build = { declares: { reads: 'readIndex' } };
const LEASES: Build = { declares: { reads: 'lease', checkQuorum: true } };
const PRE_VOTE: Build = { declares: { preVote: true } };
const STEADY: Build = { declares: { preVote: true, checkQuorum: true } };
const TRANSFER: Build = { declares: { transfer: true } };

/** Those that are about something more than most build; the others are built as most are. */
const BUILDS: Readonly<Record<string, Build>> = {
  'higher-term-in-answer-ignored': { declares: { checkQuorum: true } },
  'stepdown-appends-with-new-term': GROUP_COMMIT,
  'queue-kept-at-stepdown': GROUP_COMMIT,
  'rejected-queue-not-emptied': GROUP_COMMIT,
  'queue-not-flushed': GROUP_COMMIT,
  'queue-waits-for-newer-write': GROUP_COMMIT,
  'batch-takes-last-command': { declares: { requestBatches: true }, ...GROUP_COMMIT },
  'apply-batch-limit-skips': SMALL_STEPS,
  'apply-batch-limit-repeats': SMALL_STEPS,
  'apply-stops-after-batch': SMALL_STEPS,
  'snapshot-label-ahead-of-state': SMALL_STEPS,
  'dedup-does-not-advance-watermark': { own: { batchEntriesMax: 2, backtracking: 'decrement' } },
  'commit-prior-term-by-count': SMALL_MESSAGES,
  'fig8-previous-term-ok': SMALL_MESSAGES,
  'new-leader-no-noop': READ_INDEX,
  'timer-not-reset-on-mismatch': { own: { backtracking: 'decrement' } },
  'commit-index-persisted-first': COMMIT_ON_DISK,
  'durable-index-written-as-commit': COMMIT_ON_DISK,
  'applied-from-commit-on-restart': COMMIT_ON_DISK,
  'snapshot-omits-config': JOINT,
  'removed-leader-never-steps-down': JOINT,
  'naive-multi-node-swap': JOINT,
  'learner-counted-in-quorum': JOINT,
  'quorum-size-cached': JOINT,
  'config-not-rolled-back': SINGLE,
  'new-leader-ignores-uncommitted-config': JOINT,
  'joint-vote-union-majority': JOINT,
  'learner-refuses-vote': JOINT,
  'single-server-2015': SINGLE,
  'leave-joint-before-commit': JOINT,
  'removed-leader-counts-self': JOINT,
  'fast-commit-across-config-entry': JOINT,
  'removed-node-resurrected-empty': JOINT,
  'change-abandoned-says-rejected': JOINT,
  'read-local-at-leader': READ_INDEX,
  'readindex-before-own-term-commit': READ_INDEX,
  'readindex-joins-inflight-round': READ_INDEX,
  'readindex-quorum-wrong-set': { declares: { reads: 'readIndex', membership: 'joint' } },
  'read-round-not-reset-on-new-term': READ_INDEX,
  'lease-no-drift-margin': LEASES,
  'lease-from-ack-arrival': LEASES,
  'late-timeoutnow-breaks-lease': { declares: { ...LEASES.declares, transfer: true } },
  'lease-promise-forgotten-at-restart': LEASES,
  'lease-in-ticks-with-pause': LEASES,
  'lease-tick-lockstep-livelock': { declares: { checkQuorum: true } },
  'force-campaign-skips-log-check': TRANSFER,
  'transfer-given-up-says-rejected': TRANSFER,
  'prevote-grant-counted-as-vote': PRE_VOTE,
  'prevote-no-lease-check': STEADY,
  'precandidate-keeps-leader': PRE_VOTE,
  'prevote-refusal-term-ignored': STEADY,
};

/** The core, or a mutant of it, as the program that is handed in. */
export function submissionOf(
  core: Pick<Implementation, 'id' | 'createServer' | 'createStateMachine'>,
  mutantId: string,
): GradedImplementation {
  const { declares = {}, own = {} } = BUILDS[mutantId] ?? {};
  const capabilities = capabilitiesSchema.parse({ ...LEARNER, ...declares });
  const host = moduleHost(serverProgram(core, capabilities, own));
  return programImplementation(core.id, host, core.createStateMachine);
}
