/** What clients see: labs on key-value stores ask for it, and most others do not. */
import { at, atAnswer, cutOff, cutOneWay, every, pause, shuffled, split } from './faults.ts';
import { graded } from './graded.ts';

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
    shape: ({ us }) => ({
      size: 3,
      chaos: 24,
      clients: 6,
      network: 'lossy',
      faults: [3, 8, 13, 18].map((nth) => cutOff(atAnswer(nth), us(3))),
    }),
    every: ['ok-answered'],
  }),
];
