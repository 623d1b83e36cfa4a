/**
 * Named situations, counted: a campaign that never got into one of them has not tested what is
 * special about it. Counters only; no verdict rests on them.
 */
export interface Situation {
  readonly id: string;
  readonly sentence: string;
}

/** Counter numbers: places in SITUATIONS. */
export const Happened = {
  leaderElected: 0,
  splitVote: 1,
  candidateDefeated: 2,
  voteRefusedByLog: 3,
  voteAskedAgainAfterRestart: 4,
  lateLeaderOfLowerTerm: 5,
  twoLeadersAtOnce: 6,
  reignWithoutCommit: 7,
  evenSizedLeader: 8,
  staleTermDelivered: 9,
  duplicateDelivered: 10,
  appendReordered: 11,
  deliveredToLaterLife: 12,
  ackOfEarlierReign: 13,
  staleVoteDelivered: 14,
  refusalBacktracked: 15,
  severalEntriesAtOnce: 16,
  conflictTruncated: 17,
  ownTailTruncated: 18,
  committedUnknowinglyTruncated: 19,
  earlierTermCommitted: 20,
  bareQuorumCommit: 21,
  commitWithoutOwnCopy: 22,
  halfCopiesCommit: 23,
  singleServerCommit: 24,
  leaderCrashedWithTail: 25,
  crashInStep: 26,
  crashLostWrites: 27,
  crashKeptPrefix: 28,
  crashForgotVote: 29,
  restartWithLog: 30,
  leaderPaused: 31,
  leaderCutOff: 32,
  redirectFollowed: 33,
  pendingAnsweredUnknown: 34,
  retryAfterRefusal: 35,
  unknownButCommitted: 36,
} as const;

export const SITUATIONS: readonly Situation[] = [
  situation('leader-elected', 'A server acted as the leader of a term for the first time.'),
  situation('split-vote', 'Two servers stood in one term and neither became its leader.'),
  situation('candidate-defeated', 'A candidate met a higher term before it could lead.'),
  situation('vote-refused-by-log', 'A vote was refused to a candidate with an older log.'),
  situation(
    'vote-asked-again',
    'A restarted voter gave its vote a second time, to the same server.',
  ),
  situation('late-leader', 'A leader appeared in a term below one that had a leader already.'),
  situation('two-leaders', 'Two live servers acted as leaders of different terms.'),
  situation(
    'reign-without-commit',
    'A leader was followed by another before it committed anything.',
  ),
  situation('even-sized-leader', 'A leader was elected in a cluster of even size.'),
  situation('stale-term-delivered', 'A message arrived from a term that its receiver had left.'),
  situation('duplicate-delivered', 'A message arrived a second time.'),
  situation('append-reordered', 'An AppendEntries arrived after a later one of the same sender.'),
  situation('later-life', 'A message arrived that was sent before the life of its receiver.'),
  situation(
    'ack-of-earlier-reign',
    'A leader got a success that belonged to an earlier reign of it.',
  ),
  situation('stale-vote-delivered', 'A vote arrived that was granted in a term that had passed.'),
  situation('refusal-backtracked', 'A refusal made the leader send again from further back.'),
  situation('several-entries', 'One AppendEntries carried several entries.'),
  situation('conflict-truncated', 'A follower truncated entries that conflicted with its leader.'),
  situation('own-tail-truncated', 'A deposed leader truncated entries that it had created itself.'),
  situation(
    'committed-truncated',
    'A server dropped an entry that others had committed, unknowing.',
  ),
  situation(
    'earlier-term-committed',
    'An entry of an earlier term was committed by a later reign.',
  ),
  situation('bare-quorum-commit', 'An entry was committed with no copy more than needed.'),
  situation('commit-without-own-copy', 'A leader committed what it had not yet on its own disk.'),
  situation('half-copies-commit', 'Half of an even number of servers held what was committed.'),
  situation('single-server-commit', 'A cluster of one server committed an entry.'),
  situation('leader-crashed-with-tail', 'A leader crashed with entries that were not committed.'),
  situation('crash-in-step', 'A server crashed between two actions of one step.'),
  situation('crash-lost-writes', 'A crash lost writes that were on their way to disk.'),
  situation('crash-kept-prefix', 'A crash kept the first entries of an append and lost the rest.'),
  situation('crash-forgot-vote', 'A crash lost a vote that was not durable yet.'),
  situation('restart-with-log', 'A server started with entries on its disk.'),
  situation('leader-paused', 'A leader was paused.'),
  situation('leader-cut-off', 'A leader lost the links to a majority.'),
  situation('redirect-followed', 'A client tried again at the server that a redirect named.'),
  situation('pending-unknown', 'A request that was waiting was answered with unknown.'),
  situation('retry-after-refusal', 'A client sent a command again that was definitely refused.'),
  situation('unknown-but-committed', 'A command was committed although its client was never told.'),
];

export class Situations {
  private readonly counts = new Int32Array(SITUATIONS.length);

  count(place: number): void {
    this.counts[place]! += 1;
  }

  /** Hits by situation id, zeros included, in the order of SITUATIONS. */
  toRecord(): Record<string, number> {
    const record: Record<string, number> = {};
    for (let i = 0; i < SITUATIONS.length; i += 1) record[SITUATIONS[i]!.id] = this.counts[i]!;
    return record;
  }
}

function situation(id: string, sentence: string): Situation {
  return { id, sentence };
}
