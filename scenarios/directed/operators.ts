/** Schedules for the mutants of what operators are told (§6, thesis §3.10). */
import { script } from '../script.ts';
import type { Directed } from './directed.ts';

/** S1 removes S3, and hears nobody for a time; its entry gets to S2, which leads next. */
// biome-ignore format: one moment of the story per line
const deafLeader = script({
  size: 3, quietTimers: true, checkQuorum: true,
  // The operator has given up when S1 answers.
  operatorTimeoutMs: 50,
})
  .at(100).elapse(1)
  .at(150).changeMembership([1, 2], { node: 1 })
  .when('configuration', { node: 1 }).isolate(1, { direction: 'in' })
  .at(650).heal()
  .at(700).elapse(2)
  .until(800)
  .plan();

/** S1 asks S2 to stand, and gives up after 300 ms; then the message gets to S2. */
// biome-ignore format: one moment of the story per line
const lateSuccessor = script({ size: 3, quietTimers: true, operatorTimeoutMs: 200 })
  .delay({ from: 1, to: 2, kind: 'TimeoutNow' }, 360)
  .at(100).elapse(1)
  .at(200).transferLeadership(2, { node: 1 })
  .until(700)
  .plan();

export const OPERATORS: readonly Directed[] = [
  {
    id: 'change-without-its-leader',
    mutant: 'change-abandoned-says-rejected',
    story:
      'S1 has sent C_old,new to the others when it hears nothing for a time, and steps down. It does not know what becomes of the entry: S2 has it, is elected, and commits it, so to say that the change did not happen is a lie (§6).',
    plan: deafLeader,
  },
  {
    id: 'transfer-after-all',
    mutant: 'transfer-given-up-says-rejected',
    story:
      'S1 asks S2 to stand, hears nothing, and gives the transfer up. The message comes late, S2 stands, and wins: once it is sent, nobody knows what comes of it (thesis §3.10).',
    plan: lateSuccessor,
  },
];
