/** What survives crashes, as course labs ask for it (their part C), and what they leave out. */
import type { Fault } from '../../sim/kernel/fault.ts';
import { at, atAnswer, crash, cutOff, every, on, outrun, shuffled } from './faults.ts';
import { FEW_RUNS, FEWER_RUNS, graded } from './graded.ts';
import type { Trial } from './trial.ts';

/** In turn one of five servers crashes, and one is cut off. */
function churn(trial: Trial, step: number, count: number): Fault[] {
  return every(trial, 3, step, count, (atUs, i) => {
    const node = trial.pick(1, 5);
    if (i % 2 === 0) return [crash(at(atUs), trial.usBetween(0.3, 2), node)];
    return [cutOff(at(atUs), trial.usBetween(0.5, 3), node)];
  });
}

export const LABS_PERSISTENCE = [
  graded({
    id: 'C1',
    title: 'All crash, and start again',
    sentence: 'What was committed is there after all servers have lost power.',
    section: 'Figure 2 (persistent state)',
    covers: ['MIT Persist1', 'MadRaft persist1'],
    needs: ['durability'],
    shape: (trial) => ({
      size: 3,
      chaos: 20,
      faults: every(trial, 4, 5, 3, (atUs) =>
        [1, 2, 3].map((node) => crash(at(atUs), trial.usBetween(0.1, 1), node)),
      ),
    }),
    every: ['ok-answered', 'restarted-with-writes'],
  }),
  graded({
    id: 'C2',
    title: 'Majorities crash in turn',
    sentence: 'Three of five crash, then three others: what was answered is never lost.',
    section: 'Figure 2 (persistent state)',
    covers: ['MIT Persist2', 'MadRaft persist2'],
    needs: ['durability'],
    points: 3,
    runs: FEWER_RUNS,
    shape: (trial) => ({
      size: 5,
      chaos: 24,
      faults: every(trial, 3, 4, 5, (atUs) =>
        shuffled(trial, 5)
          .slice(0, 3)
          .map((node) => crash(at(atUs), trial.usBetween(0.5, 2), node)),
      ),
    }),
    every: ['ok-answered', 'restarted-with-writes'],
  }),
  graded({
    id: 'C3',
    title: 'A leader restarts beside a stale follower',
    sentence:
      'A leader that was cut off and crashed comes back, and only what is committed counts.',
    section: '§5.4',
    covers: ['MIT Persist3', 'MadRaft persist3'],
    needs: ['durability'],
    shape: ({ us }) => ({
      size: 3,
      chaos: 22,
      faults: [
        cutOff(atAnswer(3), us(3)),
        crash(atAnswer(6), us(2)),
        crash(atAnswer(9), us(1)),
        cutOff(atAnswer(12), us(2)),
      ],
    }),
    every: ['ok-answered'],
  }),
  graded({
    id: 'C4',
    title: 'Figure 8',
    sentence: 'An entry of an earlier term is not committed by counting copies.',
    section: '§5.4.2, Figure 8',
    covers: ['MIT Figure8', 'MadRaft figure_8'],
    needs: ['durability'],
    points: 4,
    runs: FEW_RUNS,
    shape: (trial) => ({
      size: 5,
      chaos: 40,
      clients: 3,
      every: 0.4,
      faults: Array.from({ length: 12 }, (_, i) =>
        crash(on('leader', i + 1, trial.pick(0, 2)), trial.usBetween(1, 5)),
      ),
    }),
    every: ['restarted-with-writes'],
    some: ['ok-answered'],
    answered: 4,
  }),
  graded({
    id: 'C5',
    title: 'Power fails between two actions',
    sentence: 'A server that loses power anywhere within a step breaks no promise.',
    section: 'Figure 2 (persistent state)',
    needs: ['durability'],
    points: 4,
    shape: (trial) => ({
      size: 3,
      chaos: 22,
      faults: Array.from({ length: 8 }, () =>
        crash(on('action', trial.pick(20, 900), 0), trial.usBetween(0.1, 1)),
      ),
    }),
    every: ['ok-answered', 'restarted-with-writes'],
  }),
  graded({
    id: 'C6',
    title: 'Messages outrun the disk',
    sentence: 'No vote, success or answer leaves before what it promises is on the disk.',
    section: 'Figure 2 (persistent state)',
    needs: ['durability'],
    points: 4,
    shape: (trial) => ({
      size: 3,
      chaos: 22,
      disk: 'slow',
      faults: Array.from({ length: 8 }, (_, i) =>
        outrun(on('sendBehindWrite', trial.pick(2, 60) + i * 20, 0), trial.usBetween(0.1, 1)),
      ),
    }),
    every: ['ok-answered'],
  }),
  graded({
    id: 'C7',
    title: 'A slow disk',
    sentence: 'Writes that take long delay answers, and make none of them wrong.',
    section: 'Figure 2 (persistent state)',
    needs: ['durability'],
    runs: FEWER_RUNS,
    shape: (trial) => ({
      size: 5,
      chaos: 18,
      disk: 'slow',
      faults: every(trial, 3, 3, 4, (atUs) => [
        crash(at(atUs), trial.usBetween(0.1, 1), trial.pick(1, 5)),
      ]),
    }),
    every: ['ok-answered'],
    some: ['crash-with-unfinished-write'],
  }),
  graded({
    id: 'C8',
    title: 'Churn',
    sentence: 'Servers are cut off, crash and come back at random; what was answered stays.',
    section: '§5.4',
    covers: ['MIT ReliableChurn', 'MadRaft reliable_churn'],
    needs: ['durability'],
    points: 3,
    runs: FEW_RUNS,
    shape: (trial) => ({
      size: 5,
      chaos: 26,
      clients: 3,
      faults: churn(trial, 1.5, 14),
    }),
    every: ['ok-answered'],
  }),
  graded({
    id: 'C9',
    title: 'Churn on a bad network',
    sentence: 'The same, while messages are lost, late and out of order.',
    section: '§5.4',
    covers: ['MIT UnreliableChurn', 'MadRaft unreliable_churn'],
    needs: ['durability'],
    points: 3,
    shape: (trial) => ({
      size: 5,
      chaos: 26,
      clients: 3,
      network: 'reordering',
      faults: churn(trial, 2, 10),
    }),
    every: ['restarted-with-writes'],
    answered: 4,
  }),
];
