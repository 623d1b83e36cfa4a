/** Bad networks: what course labs have of it, and duplicates, old messages and one-way links. */
import { at, atAnswer, cutOff, cutOneWay, does, every, pause, shuffled, split } from './faults.ts';
import { FEW_RUNS, FEWER_RUNS, graded } from './graded.ts';

export const LABS_NETWORK = [
  graded({
    id: 'N1',
    title: 'Agreement in spite of loss',
    sentence: 'Many commands are committed though one message in ten is lost.',
    section: '§5.3',
    covers: ['MIT UnreliableAgree', 'MadRaft unreliable_agree'],
    runs: FEWER_RUNS,
    shape: () => ({ size: 5, chaos: 14, clients: 5, network: 'lossy' }),
    every: ['ok-answered'],
    answered: 15,
  }),
  graded({
    id: 'N2',
    title: 'Figure 8 on a bad network',
    sentence: 'Leaders are cut off again and again while messages come late and out of order.',
    section: '§5.4.2, Figure 8',
    covers: ['MIT Figure8Unreliable', 'MadRaft figure_8_unreliable'],
    points: 4,
    shape: (trial) => ({
      size: 5,
      chaos: 32,
      clients: 3,
      network: 'reordering',
      faults: every(trial, 3, 3, 9, (atUs) => [
        cutOff(at(atUs), trial.usBetween(1, 4), trial.pick(1, 5)),
      ]),
    }),
    answered: 4,
  }),
  graded({
    id: 'N3',
    title: 'Messages that come twice',
    sentence: 'A message that comes twice, or again much later, does no harm.',
    section: '§5.3, §5.5',
    points: 4,
    runs: FEWER_RUNS,
    shape: (trial) => ({
      size: 3,
      chaos: 22,
      clients: 3,
      network: 'doubled',
      faults: every(trial, 4, 6, 3, (atUs) => [cutOff(at(atUs), trial.us(3), trial.pick(1, 3))]),
    }),
    every: ['ok-answered'],
  }),
  graded({
    id: 'N4',
    title: 'Messages of earlier terms',
    sentence: 'Answers to what a server has asked in an earlier term count for nothing.',
    section: '§5.1',
    points: 4,
    runs: FEW_RUNS,
    shape: (trial) => ({
      size: 5,
      chaos: 26,
      clients: 3,
      network: 'doubled',
      faults: [
        ...[3, 8, 13].map((nth) => cutOff(atAnswer(nth), trial.us(3))),
        ...every(trial, 6, 3, 6, (atUs) => [
          does(at(atUs), {
            do: 'exhume',
            node: trial.pick(1, 5),
            of: 'any',
            count: 12,
            withinUs: trial.us(1),
          }),
        ]),
      ],
    }),
    every: ['ok-answered'],
  }),
  graded({
    id: 'N5',
    title: 'Held up, and then all at once',
    sentence: 'What was held up on the way comes at once, and does no harm.',
    section: '§5.1',
    shape: (trial) => ({
      size: 3,
      chaos: 22,
      clients: 3,
      faults: every(trial, 4, 5, 4, (atUs) => [
        does(at(atUs), {
          do: 'clog',
          node: trial.pick(1, 3),
          direction: 'both',
          forUs: trial.usBetween(1, 4),
        }),
      ]),
    }),
    every: ['ok-answered'],
  }),
  graded({
    id: 'N6',
    title: 'A bridge',
    sentence:
      'Two groups that do not hear each other, and one server that hears both: one leader at a time.',
    section: '§5.2',
    runs: FEWER_RUNS,
    shape: (trial) => {
      const order = shuffled(trial, 5);
      const { us } = trial;
      return {
        size: 5,
        chaos: 18,
        faults: [split(at(us(4)), order.slice(0, 2), order.slice(2, 4), us(8))],
      };
    },
    every: ['ok-answered'],
  }),
  graded({
    id: 'N7',
    title: 'A leader that is not heard',
    sentence:
      'A leader whose messages get through one way only is replaced, or goes on, and nothing is lost.',
    section: '§5.2, §5.3',
    shape: ({ us }) => ({
      size: 3,
      chaos: 22,
      faults: [
        cutOneWay(atAnswer(3), 'out', us(4)),
        cutOneWay(atAnswer(8), 'in', us(4)),
        cutOneWay(atAnswer(13), 'out', us(4)),
      ],
    }),
    every: ['ok-answered'],
  }),
  graded({
    id: 'N8',
    title: 'Servers that stop for a while',
    sentence:
      'A server that was asleep for some election timeouts wakes with old news, and harms nobody.',
    section: '§5.1',
    runs: FEWER_RUNS,
    shape: (trial) => ({
      size: 5,
      chaos: 24,
      clients: 3,
      faults: [
        pause(atAnswer(4), trial.us(3)),
        pause(atAnswer(9), trial.us(3)),
        ...every(trial, 6, 5, 3, (atUs) => [pause(at(atUs), trial.us(3), trial.pick(1, 5))]),
      ],
    }),
    every: ['ok-answered'],
  }),
  graded({
    id: 'N9',
    title: 'All of it',
    sentence: 'Loss, duplicates, delays, old messages and cut links together.',
    section: '§5',
    points: 4,
    runs: FEWER_RUNS,
    shape: (trial) => ({
      size: 5,
      chaos: 26,
      clients: 4,
      network: 'hostile',
      faults: every(trial, 3, 3, 7, (atUs) => {
        const order = shuffled(trial, 5);
        return [split(at(atUs), order.slice(0, 2), order.slice(2), trial.usBetween(1, 3))];
      }),
    }),
    every: ['ok-answered'],
    answered: 4,
  }),
];
