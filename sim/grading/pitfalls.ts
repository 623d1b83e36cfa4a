/**
 * Which mistakes a failure usually comes of: told by what broke, and in which test. A guess, and
 * said to be one; docs/graded-mutants.md tells how often it is right.
 */
import type { Why } from './run-grade.ts';

/** Mistakes by name, as what an author may look for. */
export const PITFALLS = {
  'votes-counted': 'votes of earlier terms, doubled votes or too few of them make a majority',
  'reign-unelected': 'a server leads, or speaks as a leader, without having been elected',
  'vote-twice': 'a vote is given twice in a term, or forgotten in a crash',
  'vote-unsafe': 'term and vote are told to others before they are on the disk',
  'votes-withheld': 'votes are refused that should be given',
  terms: 'a term is not adopted, not refused or not compared as §5.1 says',
  'log-check': 'a voter does not compare the logs right (last term first, then index)',
  conflicts: 'entries that are there, or that conflict, are dropped, kept or put elsewhere',
  'consistency-check': 'the check of prevLogIndex and prevLogTerm is missing, or too strict',
  'next-and-match': 'nextIndex and matchIndex are wrong, or what was lost is not sent again',
  'success-unsafe': 'success is reported, or counted, before the entries are on the disk',
  'failed-writes': 'a write that has failed passes for one that is done',
  'commit-count': 'copies are counted wrongly: the own one, learners, half of all',
  'commit-earlier-term': 'entries of earlier terms are committed by counting copies (§5.4.2)',
  'follower-commit': 'a follower takes more for committed, or less, than was verified',
  'apply-place': 'entries are applied twice, skipped, or applied from the wrong place',
  restart: 'a restart reads too much, or too little, back from the disk',
  timers: 'election timers are not random, or not set again when they should be',
  answers: 'clients are answered too early, wrongly, twice or never',
  queue: 'requests that wait are mixed up, or survive the end of a reign',
  snapshots: 'snapshots are taken, sent, written or installed wrongly',
  membership: 'the wrong configuration counts, or half of a joint one',
  reads: 'reads are answered without a round, or on a lease that is over',
  'own-entry': 'a new leader commits no entry of its own term',
} as const;

export type PitfallId = keyof typeof PITFALLS;

/** What is compared: the first rule that fits is taken, and every part that is there must fit. */
interface Sign {
  /** Of what broke: a property, or how else the run was lost. */
  readonly what: string;
  /** One of its rules or roles. */
  readonly how?: string;
  /** Tests, by the beginning of their ids. */
  readonly in?: readonly string[];
  readonly likely: readonly [PitfallId, PitfallId, PitfallId];
}

const SIGNS: readonly Sign[] = [
  { what: '*', in: ['T4'], likely: ['failed-writes', 'success-unsafe', 'restart'] },
  { what: 'linearizability', likely: ['reads', 'log-check', 'answers'] },
  {
    what: 'elected-without-majority',
    in: ['M', 'X'],
    likely: ['membership', 'votes-counted', 'answers'],
  },
  {
    what: 'elected-without-majority',
    how: 'never-stood',
    likely: ['reign-unelected', 'votes-counted', 'restart'],
  },
  { what: 'elected-without-majority', likely: ['votes-counted', 'reign-unelected', 'terms'] },
  {
    what: 'elected-before-durable-majority',
    in: ['V2'],
    likely: ['vote-twice', 'vote-unsafe', 'votes-counted'],
  },
  {
    what: 'elected-before-durable-majority',
    likely: ['vote-unsafe', 'vote-twice', 'votes-counted'],
  },
  {
    what: 'election-safety',
    how: 'reign-resumed',
    likely: ['reign-unelected', 'vote-unsafe', 'vote-twice'],
  },
  { what: 'election-safety', in: ['X'], likely: ['membership', 'vote-twice', 'vote-unsafe'] },
  { what: 'election-safety', likely: ['vote-twice', 'vote-unsafe', 'reign-unelected'] },
  { what: 'claimed-terms-rise', likely: ['terms', 'vote-unsafe', 'restart'] },
  {
    what: 'acknowledged-without-majority',
    in: ['M', 'X'],
    likely: ['membership', 'commit-count', 'next-and-match'],
  },
  {
    what: 'acknowledged-without-majority',
    likely: ['commit-count', 'next-and-match', 'answers'],
  },
  {
    what: 'acknowledged-before-durable-majority',
    likely: ['success-unsafe', 'conflicts', 'next-and-match'],
  },
  { what: 'acknowledged-is-committed', likely: ['answers', 'queue', 'commit-count'] },
  { what: 'refused-never-committed', likely: ['answers', 'queue', 'membership'] },
  { what: 'one-answer', likely: ['answers', 'queue', 'apply-place'] },
  { what: 'no-invented-command', likely: ['apply-place', 'conflicts', 'snapshots'] },
  { what: 'exactly-once', in: ['D'], likely: ['snapshots', 'apply-place', 'restart'] },
  { what: 'exactly-once', in: ['M', 'X'], likely: ['membership', 'apply-place', 'log-check'] },
  { what: 'exactly-once', how: 'leader', likely: ['queue', 'apply-place', 'answers'] },
  { what: 'exactly-once', likely: ['follower-commit', 'apply-place', 'queue'] },
  {
    what: 'applied-sequences-agree',
    in: ['T5', 'C4'],
    likely: ['commit-earlier-term', 'log-check', 'conflicts'],
  },
  {
    what: 'applied-sequences-agree',
    in: ['D'],
    likely: ['snapshots', 'log-check', 'apply-place'],
  },
  {
    what: 'applied-sequences-agree',
    in: ['X7'],
    likely: ['log-check', 'conflicts', 'follower-commit'],
  },
  {
    what: 'applied-sequences-agree',
    in: ['M', 'X'],
    likely: ['membership', 'log-check', 'conflicts'],
  },
  {
    what: 'applied-sequences-agree',
    in: ['C'],
    likely: ['restart', 'conflicts', 'success-unsafe'],
  },
  {
    what: 'applied-sequences-agree',
    in: ['K'],
    likely: ['queue', 'apply-place', 'log-check'],
  },
  {
    what: 'applied-sequences-agree',
    how: 'other-place',
    likely: ['apply-place', 'conflicts', 'log-check'],
  },
  {
    what: 'applied-sequences-agree',
    how: 'leader',
    likely: ['log-check', 'conflicts', 'follower-commit'],
  },
  {
    what: 'applied-sequences-agree',
    likely: ['follower-commit', 'consistency-check', 'conflicts'],
  },
  { what: 'acknowledged-writes-survive', likely: ['log-check', 'conflicts', 'restart'] },
  {
    what: 'leader-election-liveness',
    in: ['X'],
    likely: ['votes-withheld', 'membership', 'terms'],
  },
  { what: 'leader-election-liveness', in: ['A1'], likely: ['timers', 'votes-withheld', 'terms'] },
  { what: 'leader-election-liveness', in: ['A'], likely: ['votes-withheld', 'terms', 'timers'] },
  { what: 'leader-election-liveness', likely: ['timers', 'votes-withheld', 'reign-unelected'] },
  {
    what: 'applied-sequences-converge',
    in: ['D'],
    likely: ['snapshots', 'next-and-match', 'conflicts'],
  },
  {
    what: 'applied-sequences-converge',
    in: ['A'],
    likely: ['terms', 'next-and-match', 'conflicts'],
  },
  { what: 'applied-sequences-converge', likely: ['next-and-match', 'conflicts', 'apply-place'] },
  { what: 'traffic-progress', in: ['K'], likely: ['queue', 'answers', 'own-entry'] },
  { what: 'traffic-progress', likely: ['consistency-check', 'terms', 'commit-count'] },
  { what: 'CRASH', in: ['C'], likely: ['restart', 'success-unsafe', 'conflicts'] },
  { what: 'CRASH', in: ['D'], likely: ['snapshots', 'restart', 'apply-place'] },
  { what: 'CRASH', likely: ['terms', 'conflicts', 'next-and-match'] },
  { what: 'PROTOCOL', how: 'answered', likely: ['answers', 'queue', 'apply-place'] },
  { what: 'tooCostly', in: ['A', 'V', 'X'], likely: ['timers', 'votes-withheld', 'terms'] },
  { what: 'tooCostly', in: ['K'], likely: ['answers', 'queue', 'own-entry'] },
  { what: 'tooCostly', likely: ['next-and-match', 'timers', 'conflicts'] },
  { what: 'storm', likely: ['own-entry', 'next-and-match', 'conflicts'] },
  { what: 'notAnswered', likely: ['answers', 'commit-count', 'own-entry'] },
  { what: 'notReached', likely: ['votes-withheld', 'timers', 'own-entry'] },
];

/** At most three, the likeliest first. */
export function likelyPitfalls(testId: string, why: Why): readonly PitfallId[] {
  const { what, how } = marksOf(why);
  const sign = SIGNS.find(
    (one) =>
      (one.what === what || (one.what === '*' && why.kind === 'broken')) &&
      (one.how === undefined || how.includes(one.how)) &&
      (one.in === undefined || one.in.some((beginning) => testId.startsWith(beginning))),
  );
  return sign === undefined ? [] : sign.likely;
}

/** "Likely: …; or …; or …." */
export function pitfallWords(testId: string, why: Why): string | null {
  const likely = likelyPitfalls(testId, why).map((id) => PITFALLS[id]);
  return likely.length === 0 ? null : `Likely: ${likely.join('; or ')}.`;
}

function marksOf(why: Why): { readonly what: string; readonly how: readonly string[] } {
  if (why.kind === 'broken') {
    const { property, rule, role, relation } = why.violation;
    return { what: property, how: [rule, role, relation] };
  }
  if (why.kind !== 'failed') return { what: why.kind, how: [] };
  const { kind, message } = why.failure;
  return { what: kind, how: message.includes('was answered') ? ['answered'] : [] };
}
