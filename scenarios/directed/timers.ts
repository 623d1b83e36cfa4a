/** Schedules for the mutants of the election and the heartbeat timer (§5.2). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';
import { NEW_CLUSTER } from './new-cluster.ts';

/** Timeouts of 150 to 152 ms; with this seed two servers that draw whole ones draw the same. */
const sameTimeouts = script({
  size: 2,
  seed: '6',
  electionMs: [150, 152],
  latencyMs: 0.2,
  diskMs: 0.1,
  settle: true,
})
  .until(1000)
  .plan();

/**
 * S1 has the command and S3 is gone, so of S1 and S2 only S1 can be elected. Its timer takes as long
 * as a timer may, and S2, which does not know, stands before it.
 */
// biome-ignore format: one moment of the story per line
const hopelessCandidate = script({ size: 3, settle: true, phases: { core: [1, 2] } })
  .timer(1, 'election', 2, 300)
  .at(100).elapse(1)
  .at(110).isolate(2)
  .at(120).request(1, 'put x 1')
  .at(130).crash(3).crash(1, { restartMs: 70 })
  .until(210)
  .plan();

/**
 * Slow ways and slow disks: from standing for election to being heard takes 115 ms, most of a
 * timeout. S2 starts 60 ms after S1, so their timers do not run out together.
 */
// biome-ignore format: one moment of the story per line
const slowElection = script({ size: 2, electionMs: [150, 155], latencyMs: 25, diskMs: 20, settle: true })
  .at(10).crash(2, { restartMs: 50 })
  .until(1000)
  .plan();

/** S3 comes with an empty disk, and its leader goes back one entry at a time. */
const longWayBack = script({
  size: 3,
  latencyMs: 25,
  backtracking: 'decrement',
  settle: true,
})
  .image(1, { log: Array(40).fill(1) })
  .image(2, { log: Array(40).fill(1) })
  .until(1000)
  .plan();

/** S1 leads term 1, S2 is elected for term 2 while it does. */
// biome-ignore format: one moment of the story per line
const deposed = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(210).elapse(2)
  .until(400)
  .plan();

/**
 * S1 led term 1 and has missed the command of S2, who led term 2 and is back as a follower. S1 hears
 * of term 2, but not from S2. Only S2 and S3 can be elected.
 */
// biome-ignore format: one moment of the story per line
const restlessExLeader = script({ size: 3, quietTimers: true, settle: true })
  .at(100).elapse(1)
  .at(150).isolate(1)
  .at(200).elapse(2)
  .at(220).request(2, 'put x 2')
  .drop({ from: 2, to: 1, kind: 'AppendEntries' })
  .at(240).heal()
  .at(320).crash(2, { restartMs: 10 })
  .until(400)
  .plan();

export const TIMERS: readonly Directed[] = [
  {
    id: 'equal-timeouts',
    mutant: 'timer-not-randomised',
    story:
      'Three new servers with equal timeouts stand at the same moment, vote for themselves, and do so again for ever. Timeouts are random so that one server comes first (§5.2).',
    plan: NEW_CLUSTER,
  },
  {
    id: 'close-timeouts',
    mutant: 'timer-drawn-once',
    story:
      'Two servers have drawn the same timeout. If they keep it, their first split vote is followed by the same one for ever: each timeout is drawn anew (§5.2).',
    plan: sameTimeouts,
  },
  {
    id: 'hopeless-candidate',
    mutant: 'timer-reset-on-any-rv',
    story:
      'S2 lacks an entry and cannot be elected, and it stands again and again. If each of its requests, all refused, winds up the timer of S1, the one server that could win never stands: only a vote that is granted does that (§5.2).',
    plan: hopelessCandidate,
  },
  {
    id: 'impatient-voter',
    mutant: 'timer-not-reset-on-vote-grant',
    story:
      'An election takes most of a timeout here. A voter that does not wait after it has voted stands itself before it can hear of whom it has elected, and brings that leader down; then the other one does the same (§5.2).',
    plan: slowElection,
  },
  {
    id: 'deaf-followers',
    mutant: 'timer-not-reset-on-append-entries',
    story:
      'Three new servers elect a leader, and it sends its heartbeats. If these do not wind up the timers of the followers, one of them stands soon, and then another: a leader that is heard stays (§5.2).',
    plan: NEW_CLUSTER,
  },
  {
    id: 'long-way-back',
    mutant: 'timer-not-reset-on-mismatch',
    story:
      'S3 has an empty disk, and the leader looks for the point where the logs agree one entry at a time. S3 refuses each time, but it has heard from a live leader; if it stands meanwhile, the next leader has to begin from the end again (§5.2, §5.3).',
    plan: longWayBack,
  },
  {
    id: 'deposed-leader',
    mutant: 'heartbeat-timer-survives-stepdown',
    story:
      'S1 leads term 1 and steps down when S2 stands for term 2. If its heartbeat timer runs on, the next heartbeat goes out in term 2, which S1 was never elected for (§5.2).',
    plan: deposed,
  },
  {
    id: 'restless-ex-leader',
    mutant: 'exleader-traffic-resets-timers',
    story:
      'S1, deposed, lacks a committed command and cannot be elected. If it goes on with heartbeats of its old term, and S2 and S3 wait whenever they get one, those who could be elected never stand: only the leader of the current term may keep others from standing (§5.2).',
    plan: restlessExLeader,
  },
];
