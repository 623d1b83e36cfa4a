/** Schedules for the mutants of reads without the log, of leases and transfers (thesis §6.4, §3.10). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';

/** S1 is deposed and does not know it: S2 and S3 have committed x when a client asks S1 for it. */
// biome-ignore format: one moment of the story per line
const deposedLeader = script({ size: 3, quietTimers: true, reads: 'readIndex' })
  .at(100).elapse(1)
  .at(150).isolate(1)
  .at(200).elapse(2)
  .at(220).request(2, 'put x 1')
  .at(300).request(1, 'get x')
  .until(400)
  .plan();

/** S1 commits x, tells a client but nobody else, and dies; S2 leads, and its no-op gets lost. */
// biome-ignore format: one moment of the story per line
const untoldCommit = script({ size: 3, quietTimers: true, reads: 'readIndex' })
  .at(100).elapse(1)
  .at(120).request(1, 'put x 1')
  .when('acknowledged').crash(1)
  .drop({ from: 2, to: 3, kind: 'AppendEntries', term: 2, nth: 1 })
  .at(200).elapse(2)
  .at(210).request(2, 'get x')
  .until(400)
  .plan();

/** The answers to a heartbeat of S1 are late: meanwhile S2 leads, and x comes before the read. */
// biome-ignore format: one moment of the story per line
const lateAnswers = script({ size: 3, quietTimers: true, quietHeartbeats: true, reads: 'readIndex' })
  .delay({ from: [2, 3], to: 1, kind: 'AppendEntriesResponse', nth: 2 }, 100)
  .at(100).elapse(1)
  .at(200).heartbeat(1)
  .at(210).isolate(1)
  .at(220).elapse(2)
  .at(240).request(2, 'put x 1')
  .at(260).request(1, 'get x')
  .until(400)
  .plan();

/** S2 and S3 hear S1 at 201 ms, and are free to vote from 351 ms; S1 hears of it at 341 ms. */
// biome-ignore format: one moment of the story per line
const lateLease = script({ size: 3, quietTimers: true, quietHeartbeats: true, reads: 'lease', checkQuorum: true })
  .timer(1, 'election', 1, 150)
  .delay({ from: [2, 3], to: 1, kind: 'AppendEntriesResponse', nth: 2 }, 140)
  .at(200).heartbeat(1)
  .at(210).isolate(1)
  .timer(2, 'election', 1, 160)
  .at(370).request(2, 'put x 1')
  .at(390).request(1, 'get x')
  .until(450)
  .plan();

/** The clock of S1 is slow, those of S2 and S3 are fast: their 150 ms end 30 ms before its own. */
// biome-ignore format: one moment of the story per line
const unequalClocks = script({
  size: 3, quietTimers: true, quietHeartbeats: true, reads: 'lease', checkQuorum: true, clockDriftPpm: 100_000,
  clocks: [{ node: 1, ratePpm: -100_000 }, { node: 2, ratePpm: 100_000 }, { node: 3, ratePpm: 100_000 }],
})
  // By its clock S2 is the first to stand; nobody hears of that, and S1 wins.
  .timer(2, 'election', 1, 150)
  .drop({ from: 2, to: 'all', kind: 'RequestVote', nth: 1 })
  .timer(1, 'election', 1, 150)
  .at(200).heartbeat(1)
  .at(210).isolate(1)
  .timer(2, 'election', 2, 152)
  .at(346).request(2, 'put x 1')
  .at(355).request(1, 'get x')
  .until(450)
  .plan();

/** S1 leads terms 1 and 3; in the second reign it is cut off, and S2 commits x in term 4. */
// biome-ignore format: one moment of the story per line
const secondReign = script({ size: 3, quietTimers: true, quietHeartbeats: true, reads: 'readIndex' })
  .at(100).elapse(1)
  .at(150).heartbeat(1)
  .at(200).elapse(2)
  .at(300).elapse(1)
  .at(310).isolate(1)
  .at(350).elapse(2)
  .at(370).request(2, 'put x 1')
  .at(400).request(1, 'get x')
  // Rounds 2 and 3 of this reign; the first one had 2.
  .at(410).heartbeat(1)
  .at(420).heartbeat(1)
  .until(500)
  .plan();

/** S1 asks S2 to stand, gives up after 300 ms, and is heard again; then the message gets to S2. */
// biome-ignore format: one moment of the story per line
const lateTimeoutNow = script({
  size: 3, quietTimers: true, quietHeartbeats: true, reads: 'lease', checkQuorum: true, operatorTimeoutMs: 200,
})
  .delay({ from: 1, to: 2, kind: 'TimeoutNow', nth: 1 }, 360)
  .drop({ from: 1, to: 2, kind: 'TimeoutNow' })
  .timer(1, 'election', 1, 150)
  .at(200).transferLeadership(2, { node: 1 })
  .at(350).heartbeat(1)
  .at(510).heartbeat(1)
  .at(530).isolate(1)
  .at(580).request(2, 'put x 1')
  .at(600).request(1, 'get x')
  .until(640)
  .plan();

/** As above, but after giving up S1 commits x with S3, and S2 has missed that when it stands. */
// biome-ignore format: one moment of the story per line
const overtakenTarget = script({ size: 3, quietTimers: true, quietHeartbeats: true, operatorTimeoutMs: 200 })
  .delay({ from: 1, to: 2, kind: 'TimeoutNow' }, 360)
  .at(100).elapse(1)
  .at(200).transferLeadership(2, { node: 1 })
  .at(505).isolate(2)
  .at(510).request(1, 'put x 1')
  .at(540).heal()
  .until(700)
  .plan();

/** S4 and S5 learn, and are on the side of S1 when S2 and S3 go on without it. */
// biome-ignore format: one moment of the story per line
const twoLearners = script({ size: 3, spares: 2, quietTimers: true, reads: 'readIndex' })
  .at(100).elapse(1)
  .at(150).changeMembership([1, 2, 3], { learners: [4, 5] })
  .at(500).partition([1, 4, 5], [2, 3])
  .at(550).elapse(2)
  .at(570).request(2, 'put x 1')
  .at(600).request(1, 'get x')
  .until(700)
  .plan();

/** S2 alone has answered S1 lately; it starts anew, and S3, which has not heard S1 for long, stands. */
// biome-ignore format: one moment of the story per line
const shortMemory = script({ size: 3, quietTimers: true, quietHeartbeats: true, reads: 'lease', checkQuorum: true })
  .timer(1, 'election', 1, 150)
  .at(180).partition([1], [3])
  .at(290).heartbeat(1)
  .at(300).partition([1], [2])
  .at(301).crash(2, { keep: 'all', restartMs: 1 })
  .timer(3, 'election', 1, 180)
  .at(345).request(3, 'put x 1')
  .at(370).request(1, 'get x')
  .until(420)
  .plan();

export const READS: readonly Directed[] = [
  {
    id: 'read-at-a-deposed-leader',
    mutant: 'read-local-at-leader',
    story:
      'S1, cut off, still takes itself for the leader when S2 has committed x and a client asks S1 for x. It must hear from a majority that it leads before it answers, and hears from nobody (§8, thesis §6.4).',
    plan: deposedLeader,
  },
  {
    id: 'read-before-the-no-op',
    mutant: 'readindex-before-own-term-commit',
    story:
      'A client has been told of x by S1, which dies. S2 has x and leads, but does not know that it is committed until it has committed its own no-op; a read that is answered before that does not see x (§8, thesis §6.4).',
    plan: untoldCommit,
  },
  {
    id: 'read-behind-the-heartbeat',
    mutant: 'readindex-joins-inflight-round',
    story:
      'S2 and S3 have answered a heartbeat of S1, slowly, and have gone on to term 2 since, in which x is committed. When a read comes to S1, these answers are under way and say nothing about the time since: it needs a round that begins later (thesis §6.4).',
    plan: lateAnswers,
  },
  {
    id: 'lease-from-late-answers',
    mutant: 'lease-from-ack-arrival',
    story:
      'The answers to a heartbeat take 140 ms. S2 and S3 protect S1 from when they have heard it, so a lease that runs from the answers outlasts that, and S1 answers a read when S2 already leads (thesis §6.4.1).',
    plan: lateLease,
  },
  {
    id: 'lease-by-a-slow-clock',
    mutant: 'lease-no-drift-margin',
    story:
      'The clock of S1 is slow by a tenth, those of S2 and S3 are fast by as much. Without a margin, S1 counts on its lease when the others have forgotten it and S2 has committed x (thesis §6.4.1).',
    plan: unequalClocks,
  },
  {
    id: 'read-in-a-second-reign',
    mutant: 'read-round-not-reset-on-new-term',
    story:
      'S1 leads, follows S2, leads again, and is cut off. What S2 and S3 have answered in its first reign says nothing about the second: with these numbers kept, S1 answers a read that has been heard by nobody (thesis §6.4).',
    plan: secondReign,
  },
  {
    id: 'late-request-to-stand',
    mutant: 'late-timeoutnow-breaks-lease',
    story:
      'S1 asks S2 to stand, hears nothing, and gives the transfer up. The message comes late, and S3 votes for S2 although it hears S1, as the leader itself has asked for it: no lease holds after that (thesis §3.10, §6.4.1).',
    plan: lateTimeoutNow,
  },
  {
    id: 'overtaken-target',
    mutant: 'force-campaign-skips-log-check',
    story:
      'S1 asks S2 to stand, gives the transfer up, and commits x with S3. The message comes late, and S2 stands without x: that the leader once asked for it does not make up for a log that is behind (§5.4.1, thesis §3.10).',
    plan: overtakenTarget,
  },
  {
    id: 'learners-beside-the-leader',
    mutant: 'readindex-quorum-wrong-set',
    story:
      'S1 is cut off from S2 and S3, who have another leader, and still hears the learners S4 and S5. Three of five servers are no majority when only three of them vote: learners confirm no reign (thesis §6.4, §4.2.1).',
    plan: twoLearners,
  },
  {
    id: 'voter-without-memory',
    mutant: 'lease-promise-forgotten-at-restart',
    story:
      'S2 has answered S1, which has a lease by that, and starts anew. It does not remember whom it has heard, and must take it that it was just now: if it votes for S3 at once, S3 commits x while S1 still answers reads (thesis §6.4.1).',
    plan: shortMemory,
  },
];
