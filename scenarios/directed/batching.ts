/** Schedules for the mutants of requests that gather, and of entries applied in batches (§8). */
import { type Script, script } from '../script.ts';
import type { Directed } from './directed.ts';

/**
 * The disk of S1 takes its time over x, so y waits in the queue of S1. S2 has x, and leads term 2
 * when S1 is done with x. Later S2 gets a command at index 4, which would be the place of y.
 */
function deposedWithQueue(settle: boolean): Script {
  // biome-ignore format: one moment of the story per line
  return script({ size: 3, quietTimers: true, groupCommit: true, settle })
    .at(100).elapse(1)
    .at(150).stall(1, { stream: 'log', forMs: 30 })
    .at(151).request(1, 'put x 1')
    .at(155).request(1, 'put y 1')
    .at(160).elapse(2)
    .at(190).request(2, 'put z 2');
}

/** S1 leads once more. */
const queueOfLeader = deposedWithQueue(false).at(250).elapse(1).until(400).plan();

/** S1 does not lead any more. */
const queueOfFollower = deposedWithQueue(true).until(400).plan();

/** The second request comes while the first is being written, and no third one follows. */
// biome-ignore format: one moment of the story per line
const lastInQueue = script({ size: 3, quietTimers: true, groupCommit: true, settle: true })
  .at(100).elapse(1)
  .at(150).request(1, 'put x 1')
  .at(150.1).request(1, 'put y 1')
  .until(200)
  .plan();

/** Six commands in one request: they are committed at once, and applied four at a time. */
// biome-ignore format: one moment of the story per line
const sixAtOnce = script({ size: 3, quietTimers: true, applyBatchMax: 4, settle: true })
  .at(100).elapse(1)
  .at(120).request(1, 'put a 1', 'put b 1', 'put c 1', 'put d 1', 'put e 1', 'put f 1')
  .until(200)
  .plan();

export const BATCHING: readonly Directed[] = [
  {
    id: 'queued-request',
    mutant: 'stepdown-appends-with-new-term',
    story:
      'S1 has queued a command behind a slow write when it hears of term 2, and appends it when the write is done, as an entry of term 2, which S2 leads. S1 and S2 have different entries with the same index and term: only the leader of a term makes entries of it (§5.3).',
    plan: queueOfLeader,
  },
  {
    id: 'queue-of-a-follower',
    mutant: 'queue-kept-at-stepdown',
    story:
      'S1 is deposed with a command in its queue, and says nothing to the client. As a follower it cannot append the command, so the client waits for ever; it has to hear that nothing has happened (§8).',
    plan: queueOfFollower,
  },
  {
    id: 'rejected-and-appended',
    mutant: 'rejected-queue-not-emptied',
    story:
      'S1 is deposed and tells the client of its queue that the command did not happen. When it leads again, it finds the command in its queue and appends it: what was refused must not happen any more (§8).',
    plan: queueOfLeader,
  },
  {
    id: 'last-in-queue',
    mutant: 'queue-not-flushed',
    story:
      'A command waits for the write of the one before it. The write is done, and only another command would make S1 look into its queue; none comes, and the client waits for ever (§8).',
    plan: lastInQueue,
  },
  {
    id: 'always-in-queue',
    mutant: 'queue-waits-for-newer-write',
    story:
      'The no-op of S1 is on its disk, nothing is under way, and a command is queued all the same: as much is safe as was written, never more. It waits for a write that does not come (§8).',
    plan: lastInQueue,
  },
  {
    id: 'six-at-a-time',
    mutant: 'overload-rejected-but-appended',
    story:
      'Six commands come to S1, which takes four. It tells the clients of the other two that their commands did not happen, and appends them with the rest (§8).',
    plan: sixAtOnce,
  },
  {
    id: 'six-at-once',
    mutant: 'apply-batch-limit-skips',
    story:
      'Six commands are committed at once, and applied four at a time. The one behind the first four is left out, and the state machines differ from the log (§5.3, Figure 2).',
    plan: sixAtOnce,
  },
  {
    id: 'fourth-of-six',
    mutant: 'apply-batch-limit-repeats',
    story:
      'Six commands are committed at once, and applied four at a time. The fourth is applied again with the other two: an entry is applied once in a life (§5.3, Figure 2).',
    plan: sixAtOnce,
  },
  {
    id: 'four-of-six',
    mutant: 'apply-stops-after-batch',
    story:
      'Six commands are committed at once, and applied four at a time. The timer for the rest runs out, and S1 goes on waiting for it as long as something is left: two commands are never applied, and no later one (§5.3, Figure 2).',
    plan: sixAtOnce,
  },
];
