/** The named situations that every plan may lead to. See situation.ts for what they are for. */
import { situation } from './situation.ts';

/** What can be counted. */
export const Happened = {
  // Elections (§5.2, §5.4.1).
  leaderElected: situation(
    'leader-elected',
    'A server acted as the leader of a term for the first time.',
  ),
  splitVote: situation(
    'split-vote',
    'Two servers stood in one term and neither became its leader.',
  ),
  evenSplit: situation(
    'even-split',
    'All servers voted in one term, half of them for each of two candidates.',
  ),
  candidateDefeated: situation(
    'candidate-defeated',
    'A candidate met a higher term before it could lead.',
  ),
  candidateHeardLeader: situation(
    'candidate-heard-leader',
    'A candidate heard the leader of its own term.',
  ),
  voteRefusedByLog: situation(
    'vote-refused-by-log',
    'A vote was refused to a candidate with an older log.',
  ),
  voteAlreadyGiven: situation(
    'vote-already-given',
    'A vote was refused because another candidate of the term had it.',
  ),
  voteRefusedByTerm: situation(
    'vote-refused-by-term',
    'A vote was refused to a candidate of a term that had passed.',
  ),
  voteAfterRestart: situation('vote-after-restart', 'A server voted after it had been restarted.'),
  voteAskedAgainAfterRestart: situation(
    'vote-asked-again',
    'A restarted voter gave its vote a second time, to the same server.',
    20_000,
  ),
  electedByBareMajority: situation(
    'elected-by-bare-majority',
    'A leader was elected with no vote more than needed.',
  ),
  evenSizedLeader: situation(
    'even-sized-leader',
    'A leader was elected in a cluster of even size.',
  ),
  electedUnderOneWayCut: situation(
    'elected-under-one-way-cut',
    'A leader was elected while some link was dead in one direction only.',
  ),
  lateLeaderOfLowerTerm: situation(
    'late-leader',
    'A leader appeared in a term below one that had a leader already.',
    10_000,
  ),

  // Reigns.
  twoLeadersAtOnce: situation(
    'two-leaders',
    'Two live servers acted as leaders of different terms.',
  ),
  leaderAgain: situation('leader-again', 'A server became leader that had led an earlier term.'),
  leaderAgainInOneLife: situation(
    'leader-again-in-one-life',
    'A server became leader again without a restart between.',
  ),
  reignWithoutCommit: situation(
    'reign-without-commit',
    'A leader was followed by another before it committed anything.',
  ),
  leaderMetHigherTerm: situation(
    'leader-met-higher-term',
    'A leader got a message of a later term.',
  ),
  termLearntFromAnswer: situation(
    'term-learnt-from-answer',
    'A server learnt of a later term from an answer.',
  ),
  staleLeaderTookCommand: situation(
    'stale-leader-took-command',
    'A leader that had a successor already made an entry for a client.',
  ),
  leaderPaused: situation('leader-paused', 'A leader was paused.'),
  leaderCutOff: situation('leader-cut-off', 'A leader lost the links to a majority.'),
  majorityRegained: situation(
    'majority-regained',
    'A leader that was cut off had the links to a majority again, and still led.',
  ),
  leaderRestartedInItsTerm: situation(
    'leader-restarted-in-its-term',
    'A leader was restarted while its term was still the newest.',
  ),

  // Messages.
  staleTermDelivered: situation(
    'stale-term-delivered',
    'A message arrived from a term that its receiver had left.',
  ),
  twoTermsLate: situation(
    'two-terms-late',
    'A message arrived that was two terms or more behind its receiver.',
  ),
  entriesOfPastTerm: situation(
    'entries-of-past-term',
    'Entries arrived from the leader of a term that had passed.',
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
  refusalOfEarlierReign: situation(
    'refusal-of-earlier-reign',
    'A leader got a refusal that belonged to an earlier reign of it.',
  ),
  staleVoteDelivered: situation(
    'stale-vote-delivered',
    'A vote arrived that was granted in a term that had passed.',
  ),

  // Logs (§5.3, §5.4.2, Figures 7 and 8).
  pipelined: situation(
    'pipelined',
    'Entries were sent to a follower before it had answered for those before them.',
  ),
  severalEntriesAtOnce: situation('several-entries', 'One AppendEntries carried several entries.'),
  groupCommit: situation(
    'group-commit',
    'A leader wrote the commands of several clients to disk at once.',
  ),
  followerLacksEntries: situation(
    'follower-lacks-entries',
    'A new leader met a server that lacked entries of its log (Figure 7, a and b).',
  ),
  followerHasMore: situation(
    'follower-has-more',
    'A new leader met a server with entries behind the end of its log (Figure 7, c and d).',
  ),
  followerDiverges: situation(
    'follower-diverges',
    'A new leader met a server that had other entries in places of its own (Figure 7, e and f).',
  ),
  followerDivergesOverTerms: situation(
    'follower-diverges-over-terms',
    'A new leader met a server with extra entries of several terms (Figure 7, d and f).',
  ),
  refusalBacktracked: situation(
    'refusal-backtracked',
    'A refusal made the leader send again from further back.',
  ),
  backtrackedFar: situation(
    'backtracked-far',
    'A refusal made the leader go back by several entries at once.',
  ),
  conflictTruncated: situation(
    'conflict-truncated',
    'A follower truncated entries that conflicted with its leader.',
  ),
  ownTailTruncated: situation(
    'own-tail-truncated',
    'A deposed leader truncated entries that it had created itself.',
  ),
  majorityEntryTruncated: situation(
    'majority-entry-truncated',
    'An entry was truncated that a majority had on disk, but nobody had committed (Figure 8, d).',
    20_000,
  ),
  committedUnknowinglyTruncated: situation(
    'committed-truncated',
    'A server dropped an entry that others had committed, unknowing.',
    null,
  ),

  // Commits.
  earlierTermCommitted: situation(
    'earlier-term-committed',
    'An entry of an earlier term was committed by a later reign.',
  ),
  severalCommitted: situation('several-committed', 'A leader committed several entries at once.'),
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
    2_000,
  ),
  applyBehindCommit: situation(
    'apply-behind-commit',
    'A leader ended a step with entries that were committed and not applied.',
  ),

  // Crashes, disks and state machines.
  leaderCrashedWithTail: situation(
    'leader-crashed-with-tail',
    'A leader crashed with entries that were not committed.',
  ),
  crashInStep: situation('crash-in-step', 'A server crashed between two actions of one step.'),
  doubleCrash: situation(
    'double-crash',
    'A restarted server crashed again before it had heard a leader.',
  ),
  majorityDown: situation('majority-down', 'A majority of the servers was down at once.'),
  allDown: situation('all-down', 'All servers of a cluster were down at once.'),
  crashLostWrites: situation(
    'crash-lost-writes',
    'A crash lost writes that were on their way to disk.',
  ),
  crashKeptPrefix: situation(
    'crash-kept-prefix',
    'A crash kept the first entries of an append and lost the rest.',
    5_000,
  ),
  crashForgotVote: situation('crash-forgot-vote', 'A crash lost a vote that was not durable yet.'),
  crashLostTruncation: situation(
    'crash-lost-truncation',
    'A crash lost a truncation, and the entries were there again.',
    5_000,
  ),
  lostEntriesElsewhere: situation(
    'lost-entries-elsewhere',
    'A crash lost entries that another server had on disk.',
  ),
  noticeOutOfOrder: situation(
    'notice-out-of-order',
    'A server was told of a durable write after a later one of the same stream.',
  ),
  writeFailed: situation('write-failed', 'A write failed.'),
  halted: situation('halted', 'A server stopped itself.'),
  restartWithLog: situation('restart-with-log', 'A server started with entries on its disk.'),
  commitIndexRestored: situation(
    'commit-index-restored',
    'A server started with a commit index from its disk.',
  ),
  restartWithApplied: situation(
    'restart-with-applied',
    'A server started with a state machine that had kept entries.',
  ),

  // Clients.
  redirectFollowed: situation(
    'redirect-followed',
    'A client tried again at the server that a redirect named.',
  ),
  requestRejected: situation(
    'request-rejected',
    'A server rejected a request that it had not passed on.',
    2_000,
  ),
  pendingAnsweredUnknown: situation(
    'pending-unknown',
    'A request that was waiting was answered with unknown.',
  ),
  sessionRetry: situation(
    'session-retry',
    'A client sent a command of its session again, not knowing what had become of it.',
    null,
    'sessions',
  ),
  duplicateCommitted: situation(
    'duplicate-committed',
    'A command of a session stood in the committed log a second time.',
    null,
    'sessions',
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
