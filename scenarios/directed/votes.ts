/** Schedules for the mutants of voting (§5.2, §5.4.1). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';
import { NEW_CLUSTER } from './new-cluster.ts';

/** S1 and S2 stand for term 1 at the same moment; S3 has one vote. */
const twoCandidates = script({ size: 3, quietTimers: true })
  .at(100)
  .elapse(1)
  .elapse(2)
  .until(200)
  .plan();

/**
 * S3 votes for S2 in term 2, then hears of term 3; after that, S1 asks it for its vote of term 2.
 *
 *              1   2
 *   S1         1   1
 *   S2 S3 S5   1
 *   S4
 */
// biome-ignore format: one moment of the story per line
const lateRequest = script({ size: 5, quietTimers: true })
  .image(1, { log: [1, 1] })
  .image(2, { log: [1] })
  .image(3, { log: [1] })
  .image(4, { term: 1 })
  .image(5, { log: [1] })
  // Term 2: S2 gets the votes of S3 and S4, S1 that of S5; S2 leads, and is cut off.
  .drop({ from: 2, to: 5, kind: 'RequestVote', term: 2 })
  .delay({ from: 1, to: 3, kind: 'RequestVote', term: 2 }, 200)
  .when('leader', { node: 2 }).isolate(2)
  .at(100).elapse(2).elapse(1)
  // Term 3: S4 stands with its empty log. S3 refuses, but is in term 3 now, and has not voted.
  .drop({ from: 4, to: [1, 5], kind: 'RequestVote', term: 3 })
  .at(200).elapse(4)
  .until(400)
  .plan();

/** S1 has led, and dies; S2 and S3, who have voted for it, must find another leader. */
// biome-ignore format: one moment of the story per line
const oldVotes = script({ size: 3, quietTimers: true, settle: true, phases: { core: [2, 3] } })
  .at(100).elapse(1)
  .at(200).crash(1)
  .until(300)
  .plan();

/**
 * S2 is a candidate of term 2 when it hears that S1 has won it; S3's request is late.
 *
 *              1
 *   S1 S4 S5   1
 *   S2 S3
 */
// biome-ignore format: one moment of the story per line
const threeCandidates = script({ size: 5, quietTimers: true, quietHeartbeats: true })
  .image(1, { log: [1] })
  .image(2, { term: 1 })
  .image(3, { term: 1 })
  .image(4, { log: [1] })
  .image(5, { log: [1] })
  .delay({ from: 3, to: 2, kind: 'RequestVote' }, 5)
  // S2 refuses the entries of S1, which begin behind its empty log, and gets no others.
  .pass({ from: 1, to: 2, kind: 'AppendEntries', nth: 1 })
  .drop({ from: 1, to: [2, 3], kind: 'AppendEntries' })
  .at(100).elapse(1).elapse(2).elapse(3)
  .until(200)
  .plan();

/** S1 has a long tail of term 1 that nobody else has, S2 and S3 have a committed entry of term 2. */
// biome-ignore format: one moment of the story per line
const longTail = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(150).isolate(1)
  .at(160).request(1, 'put a 1', 'put b 1', 'put c 1')
  .at(200).elapse(2)
  .at(250).request(2, 'put x 2')
  // S2 is gone; S1 hears of term 2 from S3, and stands for term 3.
  .at(300).crash(2).heal()
  .at(400).elapse(1)
  .until(500)
  .plan();

/** S3 has missed the last command, which is committed, and S1, which led, is gone. */
// biome-ignore format: one moment of the story per line
const shortLog = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(150).isolate(3)
  .at(160).request(1, 'put x 1')
  .when('acknowledged').crash(1)
  .at(200).heal()
  .at(300).elapse(3)
  .until(400)
  .plan();

export const VOTES: readonly Directed[] = [
  {
    id: 'two-candidates',
    mutant: 'revote-same-term',
    story:
      'S1 and S2 stand for term 1 at the same moment, and ask S3 and each other. Who votes for both makes two leaders of one term: a server has one vote in a term, first come, first served (§5.2).',
    plan: twoCandidates,
  },
  {
    id: 'late-request',
    mutant: 'vote-lower-term-granted',
    story:
      'S3 has voted for S2 in term 2 and has gone on to term 3, in which it has no vote yet, when the request of S1 for term 2 arrives. If S3 looks at it at all it has forgotten its vote of term 2, and S1 leads that term, too (§5.2, Figure 2).',
    plan: lateRequest,
  },
  {
    id: 'old-votes',
    mutant: 'vote-kept-across-terms',
    story:
      'S1 has led term 1 with the votes of S2 and S3, and dies. If these still count in later terms, S2 and S3 refuse each other for ever: every term brings a new vote (§5.2).',
    plan: oldVotes,
  },
  {
    id: 'three-candidates',
    mutant: 'vote-cleared-in-same-term',
    story:
      'S1, S2 and S3 stand for term 2, each votes for itself, and S1 wins. When S2 hears that, and follows S1, it must not take its vote for free again: the late request of S3 is for the same term (§5.2).',
    plan: threeCandidates,
  },
  {
    id: 'long-tail',
    mutant: 'log-check-index-only',
    story:
      'S1, cut off, goes on appending what nobody gets, while S2 and S3 commit an entry of term 2. Later S1 asks S3 for its vote: its log is longer, but its last term is older, so it lacks what is committed (§5.4.1).',
    plan: longTail,
  },
  {
    id: 'short-log',
    mutant: 'log-check-term-only',
    story:
      'A client is told that its command is committed, by S1 and S2; then S1 is gone, and S3, which has missed the command, asks S2 for its vote. The last terms are equal, so the longer log is more up-to-date (§5.4.1).',
    plan: shortLog,
  },
  {
    id: 'short-log-unseen',
    mutant: 'log-check-missing',
    story:
      'A client is told that its command is committed, by S1 and S2; then S1 is gone, and S3, which has missed the command, asks S2 for its vote. Only the comparison of the logs keeps a leader from being elected without it (§5.4.1).',
    plan: shortLog,
  },
  {
    id: 'short-log-untold',
    mutant: 'log-check-against-committed',
    story:
      'S2 has the last command of S1, but not heard that it is committed when S1 dies and S3 asks for its vote. Committed is more than S2 knows: it compares with all that it has (§5.4.1).',
    plan: shortLog,
  },
  {
    id: 'empty-logs',
    mutant: 'empty-log-refuses-vote',
    story:
      'Three new servers have empty logs, which are equally up-to-date. If an empty log counts for more than another one, the first election never ends (§5.4.1).',
    plan: NEW_CLUSTER,
  },
];
