/** What is known of mutants that are graded: which pitfall they are, and why some hold. */
import type { PitfallId } from '../../sim/grading/pitfalls.ts';

const BY_PITFALL: Readonly<Record<PitfallId, readonly string[]>> = {
  'votes-counted': [
    'stale-vote-reply-counted',
    'duplicate-vote-counted',
    'votes-survive-election',
    'quorum-even-off-by-one',
    'prevote-grant-counted-as-vote',
  ],
  'reign-unelected': [
    'restart-resumes-leadership',
    'heartbeat-timer-survives-stepdown',
    'exleader-traffic-resets-timers',
  ],
  'vote-twice': ['revote-same-term', 'vote-lower-term-granted', 'vote-not-persisted'],
  'vote-unsafe': [
    'candidate-asks-before-persist',
    'vote-reply-before-persist',
    'older-hard-state-counts',
  ],
  'votes-withheld': [
    'vote-kept-across-terms',
    'empty-log-refuses-vote',
    'precandidate-keeps-leader',
    'prevote-refusal-term-ignored',
    'learner-refuses-vote',
    'lease-tick-lockstep-livelock',
  ],
  terms: [
    'term-as-lamport-clock',
    'higher-term-in-answer-ignored',
    'stale-term-ae-accepted',
    'equal-term-ae-refused',
  ],
  'log-check': [
    'log-check-index-only',
    'log-check-term-only',
    'log-check-missing',
    'log-check-against-committed',
    'log-check-empty-after-compaction',
    'force-campaign-skips-log-check',
  ],
  conflicts: [
    'truncate-on-every-ae',
    'conflict-overwrites-slot-only',
    'conflict-not-truncated',
    'append-loop-stops-at-existing',
    'entries-shifted-by-one',
    'truncate-not-persisted',
    'new-leader-drops-tail',
  ],
  'consistency-check': ['index-zero-refused', 'heartbeat-skips-consistency-check'],
  'next-and-match': [
    'ack-reports-last-index',
    'dedup-does-not-advance-watermark',
    'stale-reign-ack-accepted',
    'match-survives-reign',
    'nack-hint-stored-as-match',
    'conflict-hint-loops',
    'lost-append-not-resent',
  ],
  'success-unsafe': [
    'leader-counts-unsynced-self',
    'follower-acks-before-fsync',
    'log-kept-in-memory',
    'heartbeat-ack-leaks-unsynced',
    'async-append-aba',
  ],
  'failed-writes': [
    'write-error-ignored',
    'failed-write-not-repeated',
    'leader-write-failure-reuses-index',
  ],
  'commit-count': ['leader-counted-twice', 'commit-needs-one-more'],
  'commit-earlier-term': ['commit-prior-term-by-count'],
  'follower-commit': [
    'follower-commit-regresses',
    'follower-commit-clamped-to-own-last',
    'apply-on-append',
  ],
  'apply-place': [
    'apply-batch-limit-skips',
    'apply-batch-limit-repeats',
    'apply-stops-after-batch',
  ],
  restart: [
    'restart-commits-own-log',
    'commit-index-persisted-first',
    'durable-index-written-as-commit',
    'applied-from-commit-on-restart',
    'term-not-persisted-on-ae',
  ],
  timers: [
    'timer-not-randomised',
    'timer-reset-on-any-rv',
    'timer-not-reset-on-vote-grant',
    'timer-not-reset-on-append-entries',
    'timer-not-reset-on-mismatch',
  ],
  answers: [
    'pending-keyed-by-index',
    'pending-dropped-silently',
    'stepdown-reports-definite-failure',
    'acknowledged-on-append',
    'answered-twice',
    'redirect-to-self',
    'change-abandoned-says-rejected',
  ],
  queue: [
    'batch-takes-last-command',
    'stepdown-appends-with-new-term',
    'queue-kept-at-stepdown',
    'rejected-queue-not-emptied',
    'queue-waits-for-newer-write',
    'overload-rejected-but-appended',
  ],
  snapshots: [
    'install-does-not-move-commit',
    'install-stale-snapshot',
    'prev-compacted-is-conflict',
    'snapshot-state-never-left',
    'snapshot-label-ahead-of-state',
    'snapshot-boundary-empty-ae',
    'compact-before-snapshot-durable',
    'local-snapshot-overwrites-installed',
    'install-keeps-conflicting-suffix',
  ],
  membership: [
    'naive-multi-node-swap',
    'learner-counted-in-quorum',
    'quorum-size-cached',
    'new-leader-ignores-uncommitted-config',
    'removed-leader-counts-self',
    'removed-node-resurrected-empty',
    'snapshot-omits-config',
    'config-not-rolled-back',
    'joint-vote-union-majority',
    'single-server-2015',
    'leave-joint-before-commit',
  ],
  reads: [
    'read-local-at-leader',
    'readindex-before-own-term-commit',
    'readindex-quorum-wrong-set',
    'lease-from-ack-arrival',
    'read-round-not-reset-on-new-term',
    'lease-in-ticks-with-pause',
    'readindex-joins-inflight-round',
    'lease-promise-forgotten-at-restart',
    'lease-no-drift-margin',
    'late-timeoutnow-breaks-lease',
  ],
  'own-entry': ['new-leader-no-noop'],
};

/** The pitfall that this mutant is; null where nobody has said. */
export function pitfallOf(mutantId: string): PitfallId | null {
  const ids = Object.keys(BY_PITFALL) as PitfallId[];
  return ids.find((id) => BY_PITFALL[id].includes(mutantId)) ?? null;
}

/** Why a mutant loses no point. */
export const WHY_KEPT: Readonly<Record<string, string>> = {
  'match-regresses':
    'harmless on the wire: the leader sends again what it takes for missing, and its commit index does not fall. What followers are told late comes with the next command.',
  'vote-cleared-in-same-term':
    'the vote goes to a candidate that cannot win any more: a leader of the term has a majority already, and none of that majority has forgotten its vote. Only who sees votes can see it.',
  'io-completion-out-of-order-lost':
    'cannot be expressed: the protocol tells of the writes of a stream in their order.',
  'applied-forgotten-on-restart':
    'cannot be expressed: the store of the bench begins each life empty.',
  'retry-applied-twice':
    'cannot be expressed: the protocol has no sessions, and no command is sent twice.',
  'dedup-wrong-cached-response':
    'cannot be expressed: the protocol has no sessions, and no command is sent twice.',
  'dedup-recorded-at-append':
    'cannot be expressed: the protocol has no sessions, and no command is sent twice.',
  'queue-not-flushed':
    'slower, not wrong: the next request takes the queue along, and clients always send one.',
  'removed-leader-never-steps-down':
    'a removed leader that goes on counts the right majority, and what clients see is right; who may lead is not judged where bodies are closed.',
  'fast-commit-across-config-entry':
    'harmless here: the lone server has all that was ever committed, and the new ones know of no cluster before they have it from there.',
  'prevote-no-lease-check':
    'check-quorum keeps voters with the leader that they hear all the same: pre-votes are won, elections are not.',
  'transfer-given-up-says-rejected':
    'what operators are told about transfers is not judged where bodies are closed.',
  'waiting-ack-survives-term-change':
    'harmless: a late success is of its old term, and only the leader of that term counts it. All others of its majority must have stored the entry before they heard of a later term. Neither they nor the late one, who had the entry when it voted, too, could then elect the leader that replaced it.',
  'stepdown-keeps-waiting': 'the same.',
  'candidate-stays-candidate':
    'follows the leader all the same; its old votes would count only after a change of membership, which this build has none of.',
  'timer-drawn-once':
    'not seen: servers that draw alike stand in vain more often, by no more than chance does to others, too.',
};
