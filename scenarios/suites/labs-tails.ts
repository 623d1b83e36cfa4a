/** Logs that part and come together again, and disks that fail: what is seldom and costs data. */
import type { Plan } from '../../sim/kernel/plan.ts';
import { at, atAnswer, crash, cutOff, does, every, on } from './faults.ts';
import { FEWER_RUNS, graded } from './graded.ts';
import type { Trial } from './trial.ts';

type Script = Plan['workload']['script'];

/** Each of three servers is asked the same, for nobody knows who leads; `count` times in a row. */
function askAll({ us }: Trial, electionTimeouts: number, count: number, name: string): Script {
  return [1, 2, 3].map((node) => {
    const ops = Array.from({ length: count }, (_, i) => `put x0 ${name}${node}.${i}`);
    return { atUs: us(electionTimeouts), node, ops };
  });
}

/** A leader with a long tail that nobody has; another one with a short new log dies as it comes back. */
export function longTail(trial: Trial) {
  const { us } = trial;
  return {
    size: 3,
    chaos: 16,
    clients: 1,
    every: 16,
    readPpm: 0,
    script: [
      ...askAll(trial, 4, 1, 'a'),
      ...Array.from({ length: 12 }, (_, i) => askAll(trial, 4.2 + i / 50, 1, `t${i}.`)).flat(),
      ...Array.from({ length: 6 }, (_, i) => askAll(trial, 6.5 + i / 5, 1, `b${i}.`)).flat(),
    ],
    faults: [cutOff(atAnswer(1), us(4.5)), crash(atAnswer(5), us(5))],
  };
}

export const LABS_TAILS = [
  graded({
    id: 'T1',
    title: 'A long old log and a short new one',
    sentence: 'Who has the longer log is not up to date if its last entry is of an older term.',
    section: '§5.4.1',
    needs: ['durability'],
    points: 3,
    runs: FEWER_RUNS,
    shape: longTail,
    every: ['ok-answered'],
    answered: 4,
  }),
  graded({
    id: 'T2',
    title: 'Leaders that come and go with few followers',
    sentence: 'What a server has confirmed in an earlier reign counts for nothing in a later one.',
    section: '§5.3, §5.4',
    needs: ['claims'],
    points: 3,
    shape: (trial) => ({
      size: 5,
      chaos: 22,
      clients: 5,
      every: 0.15,
      eventsMax: 120_000,
      network: 'doubled',
      faults: [
        ...Array.from({ length: 10 }, (_, i) =>
          does(on('leader', i + 1, trial.pick(0, 3)), {
            do: 'isolate',
            node: 0,
            direction: 'both',
            peers: 3,
            forUs: trial.usBetween(1, 3),
          }),
        ),
        ...Array.from({ length: 8 }, (_, i) =>
          does(on('leaderAgain', i + 1, trial.pick(0, 2)), {
            do: 'exhume',
            node: 0,
            of: 'earlierReign',
            count: 40,
            withinUs: trial.us(0.1),
          }),
        ),
      ],
    }),
    answered: 4,
  }),
  graded({
    id: 'T3',
    title: 'Disks as slow as elections',
    sentence: 'A confirmation that waited for the disk says nothing once the term has changed.',
    section: '§5.3, Figure 2 (persistent state)',
    needs: ['claims', 'durability'],
    points: 3,
    shape: (trial) => ({
      size: 3,
      chaos: 40,
      clients: 5,
      every: 0.1,
      disk: 'crawling',
      faults: [
        ...Array.from({ length: 14 }, (_, i) =>
          cutOff(on('leader', i + 1, trial.pick(1, 6)), trial.usBetween(0.5, 2)),
        ),
      ],
    }),
    answered: 2,
  }),
  graded({
    id: 'T4',
    title: 'Writes fail',
    sentence: 'What could not be written was not promised, and nothing is written behind the gap.',
    section: 'Figure 2 (persistent state)',
    needs: ['durability'],
    points: 3,
    runs: FEWER_RUNS,
    shape: (trial) => ({
      size: 3,
      chaos: 26,
      clients: 4,
      failPpm: 15_000,
      faults: every(trial, 4, 3, 6, (atUs) => [
        crash(at(atUs), trial.usBetween(0.1, 1), trial.pick(1, 3)),
      ]),
    }),
    every: ['ok-answered', 'write-failed'],
    answered: 4,
  }),
  graded({
    id: 'T5',
    title: 'Leaders die of their first success',
    sentence: 'A leader commits what earlier leaders have left only together with an own entry.',
    section: '§5.4.2, Figure 8',
    needs: ['claims', 'durability'],
    points: 3,
    runs: FEWER_RUNS,
    shape: (trial) => ({
      size: 5,
      chaos: 40,
      clients: 4,
      every: 0.2,
      readPpm: 0,
      faults: Array.from({ length: 24 }, (_, i) => [
        crash(on('apply', i + 1, 0), trial.usBetween(0.5, 3)),
        does(on('leader', i + 1, trial.pick(0, 1)), {
          do: 'isolate',
          node: 0,
          direction: 'both',
          peers: trial.pick(3, 4),
          forUs: trial.usBetween(0.2, 1.5),
        }),
      ]).flat(),
    }),
    every: ['restarted-with-writes'],
    answered: 0,
  }),
];
