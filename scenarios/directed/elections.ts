/** Schedules for the mutants of becoming a leader, and of staying one (§5.2). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';
import { NEW_CLUSTER } from './new-cluster.ts';

/** S1 is elected for term 2 with a vote of term 1, and S2 with votes of term 2. */
// biome-ignore format: one moment of the story per line
const lateVote = script({ size: 3, quietTimers: true })
  // Term 1: S2 votes for S1, and the answer takes a quarter of a second.
  .delay({ from: 2, to: 1, kind: 'RequestVoteResponse', term: 1 }, 250)
  .drop({ from: 1, to: 3, kind: 'RequestVote', term: 1 })
  .at(100).elapse(1)
  // Term 2: S1 stands again, and nobody hears it any more.
  .at(300).cut(1, 'all').elapse(1)
  // The vote of term 1 has arrived; now S2 stands for term 2, and S3 votes for it.
  .at(400).elapse(2)
  .until(500)
  .plan();

/** Two servers are cut off from three, and the vote of one comes to the other twice. */
// biome-ignore format: one moment of the story per line
const voteTwice = script({ size: 5, quietTimers: true })
  .at(50).partition([1, 2], [3, 4, 5])
  .duplicate({ from: 2, to: 1, kind: 'RequestVoteResponse' }, 3)
  .at(100).elapse(1)
  .at(150).elapse(3)
  .until(200)
  .plan();

/** S1 stands for term 1 and for term 2; S2 votes for it in the first, S3 in the second. */
// biome-ignore format: one moment of the story per line
const twoAttempts = script({ size: 5, quietTimers: true })
  .drop({ from: 1, to: [3, 4, 5], kind: 'RequestVote', term: 1 })
  .drop({ from: 1, to: [2, 4, 5], kind: 'RequestVote', term: 2 })
  .at(100).elapse(1)
  .at(200).elapse(1)
  .until(300)
  .plan();

/** S1 has told its client, but not yet S2 and S3, that the command is committed, and dies. */
// biome-ignore format: one moment of the story per line
const untoldCommit = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(150).request(1, 'put x 1')
  .when('acknowledged').crash(1)
  .at(300).elapse(2)
  .until(400)
  .plan();

/** S1 dies with a command that S2 has, too; S2 leads on, and nobody ever asks for anything. */
// biome-ignore format: one moment of the story per line
const inheritedTail = script({ size: 3, quietTimers: true, settle: true })
  .at(100).elapse(1)
  .at(150).isolate(3)
  // S2 has the command on its disk when S1 dies, S1 does not know.
  .drop({ from: 2, to: 1, kind: 'AppendEntriesResponse' })
  .at(200).request(1, 'put x 1')
  .at(210).crash(1).heal()
  .at(300).elapse(2)
  .until(400)
  .plan();

/** Four servers, two and two. */
// biome-ignore format: one moment of the story per line
const halfAndHalf = script({ size: 4, quietTimers: true })
  .at(50).partition([1, 2], [3, 4])
  .at(100).elapse(1).elapse(3)
  .until(200)
  .plan();

/** S1 loses a command that S2 has got already, and is back at once. */
// biome-ignore format: one moment of the story per line
const quickRestart = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(150).isolate(3)
  // The command is on its way to S2, and not yet on S1's own disk.
  .at(200).request(1, 'put x before')
  .at(200.1).crash(1, { restartMs: 5 })
  // Is S1 still the leader? If so, index 2 of term 1 is written twice.
  .at(220).request(1, 'put y after')
  .until(400)
  .plan();

/** S1 is elected faster than its disk takes its own vote, and forgets it. */
// biome-ignore format: one moment of the story per line
const slowOwnVote = script({ size: 3, quietTimers: true, diskMs: 20 })
  // S1 stands twice in a row, so its disk has two writes to do, the others have one.
  .drop({ from: 1, to: 'all', kind: 'RequestVote', term: 1 })
  .at(100).elapse(1)
  .at(101).elapse(1)
  // Term 2 and the vote for itself would be safe at 140 ms. What S1 sends as a leader gets lost.
  .drop({ from: 1, to: 'all', kind: 'AppendEntries', term: 2, nth: 1 })
  .at(130).crash(1, { restartMs: 5 })
  // Back in term 1, S1 stands for term 2 once more, and S2 and S3 vote for it once more.
  .at(140).elapse(1)
  .until(400)
  .plan();

/** S3 was cut off, and has stood in vain until its term was 5; S1 and S2 begin with term 1. */
// biome-ignore format: one moment of the story per line
const aheadOfAll = script({ size: 3, preVote: true, settle: true })
  .image(3, { term: 5 })
  .timer(1, 'election', 1, 150)
  .timer(2, 'election', 1, 290)
  .timer(3, 'election', 1, 290)
  .until(500)
  .plan();

/** S3 loses term 1 to S1 with the vote of S4; then S2 and S5, who have voted for S1, are removed. */
// biome-ignore format: one moment of the story per line
const lostButCounting = script({ size: 5, quietTimers: true })
  .drop({ from: 1, to: 4, kind: 'RequestVote', term: 1 })
  .drop({ from: 3, to: [2, 5], kind: 'RequestVote', term: 1 })
  .at(100).elapse(1).elapse(3)
  .at(150).changeMembership([1, 3, 4])
  .at(200).request(1, 'put x 1')
  .until(400)
  .plan();

export const ELECTIONS: readonly Directed[] = [
  {
    id: 'late-vote',
    mutant: 'stale-vote-reply-counted',
    story:
      'S2 votes for S1 in term 1, and the answer arrives when S1 stands for term 2. If S1 counts it, it leads term 2 beside S2, whom S3 elects: a vote is good for the term that it was given in (§5.2).',
    plan: lateVote,
  },
  {
    id: 'vote-twice',
    mutant: 'duplicate-vote-counted',
    story:
      'Of five servers S1 and S2 are cut off, and the vote of S2 comes to S1 twice. If that makes three votes, S1 leads term 1 beside S3, whom the other three elect: what counts is who has voted, not how often it is heard (§5.2, §5.5).',
    plan: voteTwice,
  },
  {
    id: 'two-attempts',
    mutant: 'votes-survive-election',
    story:
      'S1 stands twice, and each time one of the other four votes for it. These are two votes of two terms, with its own at most two in one: every election starts from nothing (§5.2).',
    plan: twoAttempts,
  },
  {
    id: 'inherited-tail',
    mutant: 'new-leader-no-noop',
    story:
      'S1 dies with a command that S2 has got, and S2 is elected. An entry of an earlier term commits only below one of the own term (§5.4.2), so without a no-op (§8) the command, and whoever waits for it, waits for the next request.',
    plan: inheritedTail,
  },
  {
    id: 'untold-commit',
    mutant: 'new-leader-drops-tail',
    story:
      'S1 tells its client that the command is committed, and dies before it has told S2. When S2 leads, it has the command and cannot know that it is committed: a leader never deletes entries of its own log (§5.3).',
    plan: untoldCommit,
  },
  {
    id: 'half-and-half',
    mutant: 'quorum-even-off-by-one',
    story:
      'Four servers are cut in two halves, and each half elects a leader for term 1. Two of four are no majority: two halves have no server in common that could refuse its second vote (§5.2).',
    plan: halfAndHalf,
  },
  {
    id: 'quick-restart',
    mutant: 'restart-resumes-leadership',
    story:
      'S1 crashes with a command that S2 has and its own disk has not, and is back at once. If it goes on leading term 1, it gives the same index of the same term to another command: leading again takes an election, in a new term (§5.2).',
    plan: quickRestart,
  },
  {
    id: 'slow-own-vote',
    mutant: 'candidate-asks-before-persist',
    story:
      'S2 and S3 elect S1 before its own vote of term 2 is on its disk. It leads, crashes, has forgotten that it did, and is elected for term 2 a second time: term and vote must be safe before anybody is asked (§5.2, Figure 2).',
    plan: slowOwnVote,
  },
  {
    id: 'terms-run-away',
    mutant: 'term-as-lamport-clock',
    story:
      'A voter that counts on from the term of a candidate is ahead of it, and refuses. The candidate counts on in its turn, so no two servers are ever in the same term, and nobody is elected: a higher term is adopted as it is (§5.1).',
    plan: NEW_CLUSTER,
  },
  {
    id: 'ahead-of-all',
    mutant: 'higher-term-in-answer-ignored',
    story:
      'S3 is in a higher term than S1, who leads and is heard by S2. S3 refuses all that S1 sends, and gets no pre-vote of S2, so its term comes to S1 in answers alone: whoever does not heed these keeps S3 out for ever (§5.1, thesis §9.6).',
    plan: aheadOfAll,
  },
  {
    id: 'lost-but-counting',
    mutant: 'candidate-stays-candidate',
    story:
      'S1 leads term 1 with the votes of S2 and S5; S3 has stood as well, and S4 has voted for it. When S2 and S5 are removed, S3 and S4 are a majority of three: if S3 is a candidate still, it leads term 1, too. A candidate that hears the leader of its term has lost (§5.2, §6).',
    plan: lostButCounting,
  },
];
