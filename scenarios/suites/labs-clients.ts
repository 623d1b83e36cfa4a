/** What clients see: labs on key-value stores ask for it, and most others do not. */
import {
  at,
  atAnswer,
  atLeader,
  cutOff,
  cutOneWay,
  does,
  every,
  on,
  pause,
  shuffled,
  split,
} from './faults.ts';
import { FEW_RUNS, FEWER_RUNS, graded } from './graded.ts';

/** Many read one key, and soon ask somebody else when nobody answers. */
const EAGER_READERS = {
  size: 3,
  chaos: 40,
  clients: 8,
  every: 0.1,
  keys: 1,
  readPpm: 700_000,
  timeout: 0.5,
} as const;

export const LABS_CLIENTS = [
  graded({
    id: 'K1',
    title: 'Reads see what was acknowledged',
    sentence:
      'A read returns the newest value that was acknowledged before it began, or a newer one.',
    section: '§8',
    covers: ['MIT KV Linearizable'],
    needs: ['reads'],
    shape: () => ({ size: 3, chaos: 12, clients: 6, keys: 2, readPpm: 500_000 }),
    every: ['ok-answered', 'read-answered'],
    answered: 20,
  }),
  graded({
    id: 'K2',
    title: 'No stale reads from a deposed leader',
    sentence: 'A leader that was cut off does not answer reads from its own memory.',
    section: '§8',
    covers: ['MIT KV OnePartition', 'MadRaft one_partition'],
    needs: ['reads'],
    points: 4,
    runs: FEW_RUNS,
    shape: ({ us }) => ({
      size: 5,
      chaos: 24,
      clients: 8,
      keys: 1,
      readPpm: 600_000,
      faults: [4, 14, 24].map((nth) => cutOff(atAnswer(nth), us(5))),
    }),
    every: ['ok-answered', 'read-answered'],
  }),
  graded({
    id: 'K3',
    title: 'A leader asleep answers nothing old',
    sentence: 'A leader that wakes makes sure that it still leads before it answers a read.',
    section: '§8',
    needs: ['reads'],
    points: 3,
    runs: FEWER_RUNS,
    shape: ({ us }) => ({
      size: 3,
      chaos: 24,
      clients: 8,
      keys: 1,
      readPpm: 600_000,
      faults: [
        pause(atAnswer(4), us(3)),
        pause(atAnswer(16), us(3)),
        cutOneWay(atAnswer(28), 'in', us(4)),
      ],
    }),
    every: ['ok-answered', 'read-answered'],
  }),
  graded({
    id: 'K4',
    title: 'Many partitions',
    sentence: 'What clients see has an order, however the network is split.',
    section: '§8',
    covers: ['MIT KV ManyPartitions', 'MadRaft many_partitions'],
    needs: ['reads'],
    points: 3,
    runs: FEW_RUNS,
    shape: (trial) => ({
      size: 5,
      chaos: 26,
      clients: 6,
      keys: 2,
      readPpm: 400_000,
      network: 'lossy',
      faults: every(trial, 3, 3, 7, (atUs) => {
        const order = shuffled(trial, 5);
        return [split(at(atUs), order.slice(0, 2), order.slice(2), trial.usBetween(1, 3))];
      }),
    }),
    every: ['ok-answered'],
  }),
  graded({
    id: 'K5',
    title: 'Answers mean what they say',
    sentence: 'A command that was refused never happens, and one that was answered happened once.',
    section: '§8',
    points: 3,
    runs: FEWER_RUNS,
    shape: ({ us }) => ({
      size: 3,
      chaos: 24,
      clients: 6,
      network: 'lossy',
      faults: [3, 8, 13, 18].map((nth) => cutOff(atAnswer(nth), us(3))),
    }),
    every: ['ok-answered'],
  }),
  graded({
    id: 'K6',
    title: 'Every request is answered',
    sentence: 'A server that takes a request and lives answers it, also when it leads no more.',
    section: '§8',
    shape: ({ us }) => ({
      size: 3,
      chaos: 24,
      clients: 6,
      every: 0.05,
      disk: 'crawling',
      batchMax: 4,
      faults: [3, 10, 20, 30, 40].map((nth) => cutOff(atAnswer(nth), us(2.5))),
    }),
    every: ['ok-answered'],
    budget: ({ unanswered }) =>
      unanswered === 0
        ? null
        : `${unanswered} requests were never answered, though the servers that took them live.`,
  }),
  graded({
    id: 'K7',
    title: 'Nothing but reads',
    sentence: 'A new leader answers reads though nobody writes, and as soon as it may.',
    section: '§8',
    needs: ['reads'],
    shape: ({ us }) => ({
      size: 3,
      chaos: 20,
      clients: 3,
      readPpm: 1_000_000,
      faults: [2, 5, 8].map((nth) => cutOff(atLeader(nth), us(2))),
    }),
    every: ['read-answered'],
    answered: 0,
  }),
  graded({
    id: 'K8',
    title: 'Reads while answers are slow',
    sentence: 'An answer to an earlier question does not show that a leader still leads.',
    section: '§8',
    needs: ['reads', 'claims'],
    points: 3,
    shape: (trial) => ({
      ...EAGER_READERS,
      faults: Array.from({ length: 16 }, (_, i) => [
        does(atAnswer(6 * i + 6), {
          do: 'clog',
          node: 0,
          direction: 'in',
          forUs: trial.usBetween(0.7, 1.1),
        }),
        cutOneWay(atAnswer(6 * i + 6), 'out', trial.us(2)),
      ]).flat(),
    }),
    every: ['read-answered'],
    answered: 2,
  }),
  graded({
    id: 'K11',
    title: 'Leaders again, and asleep',
    sentence: 'What was confirmed in an earlier reign, or before a pause, confirms nothing now.',
    section: '§8',
    needs: ['reads', 'claims'],
    points: 3,
    shape: (trial) => ({
      ...EAGER_READERS,
      faults: Array.from({ length: 10 }, (_, i) => [
        cutOff(on('leaderAgain', i + 1, trial.pick(2, 5)), trial.us(2)),
        cutOneWay(atAnswer(9 * i + 9), 'in', trial.us(2)),
        pause(atAnswer(9 * i + 9), trial.us(1.5)),
      ]).flat(),
    }),
    every: ['read-answered'],
    answered: 2,
  }),
];
