/** Schedules for the mutants of what a server knows when it starts again (Figure 2). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';

/** S1 starts anew with two commands on its disk that nobody else has; S2 and S3 go on meanwhile. */
// biome-ignore format: one moment of the story per line
const tailOnDisk = script({ size: 3, quietTimers: true, persistCommitIndex: true })
  .at(100).elapse(1)
  .at(150).isolate(1)
  .at(160).request(1, 'put a 1', 'put b 1')
  .at(180).crash(1, { restartMs: 10 })
  .at(200).elapse(2)
  .at(240).heal()
  .until(400)
  .plan();

/**
 * S1 and S3 have x on disk, and S2, whose log is being written slowly, hears with the next command
 * that x is committed. It crashes with that knowledge on its disk.
 */
// biome-ignore format: one moment of the story per line
const knownBeforeHad = script({ size: 3, quietTimers: true, persistCommitIndex: true })
  .at(100).elapse(1)
  .at(150).stall(2, { stream: 'log', forMs: 100 })
  .at(151).request(1, 'put x 1')
  .at(160).request(1, 'put y 1')
  .at(170).crash(2)
  .until(250)
  .plan();

/** S2 starts anew, and its disk knows what is committed; its state machine is empty. */
// biome-ignore format: one moment of the story per line
const emptyStateMachine = script({ size: 3, quietTimers: true, persistCommitIndex: true })
  .at(100).elapse(1)
  .at(150).request(1, 'put x 1')
  .at(250).crash(2, { restartMs: 10 })
  .at(300).request(1, 'put y 1')
  .until(400)
  .plan();

/** S2 starts anew, and its state machine is where it was. */
// biome-ignore format: one moment of the story per line
const keptStateMachine = script({ size: 3, seed: '1', quietTimers: true, stateMachine: 'durable' })
  .at(100).elapse(1)
  .at(150).request(1, 'put w 1', 'put x 1', 'put y 1')
  .at(250).crash(2, { restartMs: 10 })
  .at(300).request(1, 'put z 1')
  .until(400)
  .plan();

export const RESTARTS: readonly Directed[] = [
  {
    id: 'tail-on-disk',
    mutant: 'restart-commits-own-log',
    story:
      'S1 starts anew with two commands on its disk that nobody else has, while S2 and S3 go on without them. The log alone does not tell what is committed: a server learns it from a leader (§5.3, Figure 2).',
    plan: tailOnDisk,
  },
  {
    id: 'known-before-had',
    mutant: 'commit-index-persisted-first',
    story:
      'S2 hears that x is committed and writes that down; x itself is not on its disk yet. When it crashes, its disk holds a commit index beyond the end of its log: an entry goes first, then what is said about it (§5.3, Figure 2).',
    plan: knownBeforeHad,
  },
  {
    id: 'safe-is-not-committed',
    mutant: 'durable-index-written-as-commit',
    story:
      'S1, cut off, writes two commands, and that it has them safely passes for their being committed. It starts anew and applies them, while S2 and S3 have other entries there: safe on one disk is not committed (§5.3, Figure 2).',
    plan: tailOnDisk,
  },
  {
    id: 'empty-state-machine',
    mutant: 'applied-from-commit-on-restart',
    story:
      'S2 starts anew and finds on its disk that x is committed. That does not mean that its state machine has x: it is empty, and everything through there has to be applied again (§5.3, Figure 2).',
    plan: emptyStateMachine,
  },
  {
    id: 'kept-state-machine',
    mutant: 'applied-forgotten-on-restart',
    story:
      'The state machine of S2 survives a crash with three commands, and S2 applies its log to it from the beginning: what was applied before the crash is applied twice (§5.3, Figure 2).',
    plan: keptStateMachine,
  },
];
