/** Elections, as course labs ask for them (their part A), and what they leave out. */
import {
  at,
  atLeader,
  crash,
  cutOff,
  cutOneWay,
  every,
  on,
  pause,
  shuffled,
  split,
} from './faults.ts';
import { graded } from './graded.ts';

/** Of a cluster in which nothing goes wrong: some may be elected again when one is hasty. */
const LEADERS_MAX = 3;

export const LABS_ELECTION = [
  graded({
    id: 'A1',
    title: 'Somebody leads',
    sentence: 'Of three healthy servers one becomes leader, and it stays leader.',
    section: '§5.2',
    covers: ['MIT InitialElection', 'MadRaft initial_election'],
    needs: ['claims'],
    shape: () => ({ size: 3, chaos: 12, clients: 0 }),
    every: ['leader-claimed'],
    answered: 0,
    budget: ({ reigns }) => {
      if (reigns <= LEADERS_MAX) return null;
      return `Nothing was lost and nobody crashed, and yet ${reigns} leaders followed each other.`;
    },
  }),
  graded({
    id: 'A2',
    title: 'A cluster of one',
    sentence: 'A single server elects itself after an election timeout, and commits alone.',
    section: '§5.2',
    needs: ['claims'],
    shape: () => ({ size: 1, chaos: 8, clients: 1 }),
    every: ['leader-claimed', 'ok-answered'],
  }),
  graded({
    id: 'A3',
    title: 'A new leader',
    sentence: 'When the leader is cut off another one follows; when it is back it steps down.',
    section: '§5.2',
    covers: ['MIT ReElection', 'MadRaft reelection'],
    needs: ['claims'],
    shape: ({ us }) => ({
      size: 3,
      chaos: 20,
      clients: 0,
      faults: [cutOff(atLeader(1), us(6)), cutOff(atLeader(2), us(6))],
    }),
    every: ['leader-changed'],
    answered: 0,
    some: ['two-leaders-claimed'],
  }),
  graded({
    id: 'A4',
    title: 'No quorum, no leader',
    sentence: 'Without a majority nobody is elected; with one again, somebody is.',
    section: '§5.2',
    covers: ['MIT ReElection'],
    needs: ['claims'],
    shape: (trial) => {
      const { us } = trial;
      const [a, b, c] = shuffled(trial, 3);
      const apart = us(8);
      return {
        size: 3,
        chaos: 20,
        clients: 0,
        faults: [split(at(us(4)), [a!], [b!, c!], apart), split(at(us(4)), [b!], [c!], apart)],
      };
    },
    every: ['leader-claimed'],
    answered: 0,
  }),
  graded({
    id: 'A5',
    title: 'Many elections',
    sentence: 'Seven servers, three of them cut off in turn: never two leaders of one term.',
    section: '§5.2',
    covers: ['MIT ManyElections', 'MadRaft many_election'],
    needs: ['claims'],
    points: 3,
    shape: (trial) => ({
      size: 7,
      chaos: 18,
      clients: 0,
      faults: every(trial, 3, 2.5, 6, (atUs) => {
        const order = shuffled(trial, 7);
        return [split(at(atUs), order.slice(0, 3), order.slice(3), trial.us(2))];
      }),
    }),
    every: ['leader-claimed'],
    some: ['leader-changed'],
    answered: 0,
  }),
  graded({
    id: 'A6',
    title: 'An even number of servers',
    sentence: 'Of four servers two are no majority, on whichever side they are.',
    section: '§5.2',
    needs: ['claims'],
    shape: (trial) => ({
      size: 4,
      chaos: 18,
      clients: 1,
      faults: every(trial, 3, 4, 3, (atUs) => {
        const order = shuffled(trial, 4);
        return [split(at(atUs), order.slice(0, 2), order.slice(2), trial.us(3))];
      }),
    }),
    every: ['leader-claimed'],
  }),
  graded({
    id: 'A7',
    title: 'Leaders die',
    sentence:
      'Leaders lose power one after the other; a server that restarts gives no second vote.',
    section: '§5.2, Figure 2',
    needs: ['claims', 'durability'],
    points: 4,
    shape: (trial) => ({
      size: 5,
      chaos: 22,
      clients: 0,
      faults: [1, 2, 3, 4].map((nth) => crash(atLeader(nth), trial.usBetween(0.2, 3))),
    }),
    every: ['leader-changed'],
    answered: 0,
    some: ['leader-crashed'],
  }),
  graded({
    id: 'A8',
    title: 'Voters die',
    sentence: 'A voter that crashes and restarts within an election still knows whom it voted for.',
    section: '§5.2, Figure 2',
    needs: ['claims', 'durability'],
    points: 4,
    shape: (trial) => ({
      size: 3,
      chaos: 24,
      clients: 0,
      network: 'slow',
      faults: every(trial, 1, 1.5, 14, (atUs) => [
        crash(at(atUs), trial.us(0.05), trial.pick(1, 3)),
      ]),
    }),
    every: ['restarted-with-writes', 'message-after-restart'],
    answered: 0,
  }),
  graded({
    id: 'A9',
    title: 'One-way links',
    sentence:
      'A server that hears nobody, or that nobody hears, does not keep the others from a leader for ever.',
    section: '§5.2',
    needs: ['claims'],
    shape: (trial) => {
      const { us } = trial;
      return {
        size: 5,
        chaos: 20,
        clients: 1,
        faults: [
          cutOneWay(at(us(4)), 'in', us(4), trial.pick(1, 5)),
          cutOneWay(at(us(10)), 'out', us(4), trial.pick(1, 5)),
          cutOneWay(atLeader(2), 'out', us(4)),
        ],
      };
    },
    every: ['leader-claimed'],
  }),
  graded({
    id: 'A10',
    title: 'A leader that was asleep',
    sentence:
      'A leader that wakes after others have elected a new one learns of it before it does harm.',
    section: '§5.2, §8',
    needs: ['claims'],
    shape: ({ us }) => ({
      size: 3,
      chaos: 20,
      faults: [pause(atLeader(1), us(4)), pause(on('leader', 3, 0), us(4))],
    }),
    every: ['leader-changed', 'ok-answered'],
  }),
];
