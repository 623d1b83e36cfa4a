/**
 * Named situations, counted: a campaign that never got into one of them has not tested what is
 * special about it. Counters only; no verdict rests on them.
 */
export interface Situation {
  readonly id: string;
  readonly sentence: string;
  /** Its place in SITUATIONS. */
  readonly place: number;
}

const registered: Situation[] = [];

/** What can be counted. */
export const Happened = {
  leaderElected: situation(
    'leader-elected',
    'A server acted as the leader of a term for the first time.',
  ),
  splitVote: situation(
    'split-vote',
    'Two servers stood in one term and neither became its leader.',
  ),
  candidateDefeated: situation(
    'candidate-defeated',
    'A candidate met a higher term before it could lead.',
  ),
  voteRefusedByLog: situation(
    'vote-refused-by-log',
    'A vote was refused to a candidate with an older log.',
  ),
  voteAskedAgainAfterRestart: situation(
    'vote-asked-again',
    'A restarted voter gave its vote a second time, to the same server.',
  ),
  lateLeaderOfLowerTerm: situation(
    'late-leader',
    'A leader appeared in a term below one that had a leader already.',
  ),
  twoLeadersAtOnce: situation(
    'two-leaders',
    'Two live servers acted as leaders of different terms.',
  ),
  reignWithoutCommit: situation(
    'reign-without-commit',
    'A leader was followed by another before it committed anything.',
  ),
  evenSizedLeader: situation(
    'even-sized-leader',
    'A leader was elected in a cluster of even size.',
  ),
  staleTermDelivered: situation(
    'stale-term-delivered',
    'A message arrived from a term that its receiver had left.',
  ),
  duplicateDelivered: situation('duplicate-delivered', 'A message arrived a second time.'),
  appendReordered: situation(
    'append-reordered',
    'An AppendEntries arrived after a later one of the same sender.',
  ),
  deliveredToLaterLife: situation(
    'later-life',
    'A message arrived that was sent before the life of its receiver.',
  ),
  ackOfEarlierReign: situation(
    'ack-of-earlier-reign',
    'A leader got a success that belonged to an earlier reign of it.',
  ),
  staleVoteDelivered: situation(
    'stale-vote-delivered',
    'A vote arrived that was granted in a term that had passed.',
  ),
  refusalBacktracked: situation(
    'refusal-backtracked',
    'A refusal made the leader send again from further back.',
  ),
  severalEntriesAtOnce: situation('several-entries', 'One AppendEntries carried several entries.'),
  conflictTruncated: situation(
    'conflict-truncated',
    'A follower truncated entries that conflicted with its leader.',
  ),
  ownTailTruncated: situation(
    'own-tail-truncated',
    'A deposed leader truncated entries that it had created itself.',
  ),
  committedUnknowinglyTruncated: situation(
    'committed-truncated',
    'A server dropped an entry that others had committed, unknowing.',
  ),
  earlierTermCommitted: situation(
    'earlier-term-committed',
    'An entry of an earlier term was committed by a later reign.',
  ),
  bareQuorumCommit: situation(
    'bare-quorum-commit',
    'An entry was committed with no copy more than needed.',
  ),
  commitWithoutOwnCopy: situation(
    'commit-without-own-copy',
    'A leader committed what it had not yet on its own disk.',
  ),
  singleServerCommit: situation(
    'single-server-commit',
    'A cluster of one server committed an entry.',
  ),
  leaderCrashedWithTail: situation(
    'leader-crashed-with-tail',
    'A leader crashed with entries that were not committed.',
  ),
  crashInStep: situation('crash-in-step', 'A server crashed between two actions of one step.'),
  crashLostWrites: situation(
    'crash-lost-writes',
    'A crash lost writes that were on their way to disk.',
  ),
  crashKeptPrefix: situation(
    'crash-kept-prefix',
    'A crash kept the first entries of an append and lost the rest.',
  ),
  crashForgotVote: situation('crash-forgot-vote', 'A crash lost a vote that was not durable yet.'),
  restartWithLog: situation('restart-with-log', 'A server started with entries on its disk.'),
  leaderPaused: situation('leader-paused', 'A leader was paused.'),
  leaderCutOff: situation('leader-cut-off', 'A leader lost the links to a majority.'),
  redirectFollowed: situation(
    'redirect-followed',
    'A client tried again at the server that a redirect named.',
  ),
  pendingAnsweredUnknown: situation(
    'pending-unknown',
    'A request that was waiting was answered with unknown.',
  ),
  retryAfterRefusal: situation(
    'retry-after-refusal',
    'A client sent a command again that was definitely refused.',
  ),
  unknownButCommitted: situation(
    'unknown-but-committed',
    'A command was committed although its client was never told.',
  ),
};

/** All of them, in the order of reports. */
export const SITUATIONS: readonly Situation[] = registered;

export class Situations {
  private readonly counts = new Int32Array(registered.length);

  count(situation: Situation): void {
    this.counts[situation.place]! += 1;
  }

  /** Hits by situation id, zeros included, in the order of SITUATIONS. */
  toRecord(): Record<string, number> {
    const record: Record<string, number> = {};
    for (const { id, place } of SITUATIONS) record[id] = this.counts[place]!;
    return record;
  }
}

function situation(id: string, sentence: string): Situation {
  const made: Situation = { id, sentence, place: registered.length };
  registered.push(made);
  return made;
}
