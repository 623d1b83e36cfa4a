/** Replication, as course labs ask for it (their part B), and what they leave out. */

import type { Cost } from '../../sim/grading/cost.ts';
import { at, atAnswer, cutOff, every, shuffled, split } from './faults.ts';
import { FEW_RUNS, FEWER_RUNS, graded } from './graded.ts';

export const LABS_LOG = [
  graded({
    id: 'B1',
    title: 'Basic agreement',
    sentence: 'Commands are committed, answered, and applied everywhere in the same order.',
    section: '§5.3',
    covers: ['MIT BasicAgree', 'MadRaft basic_agree'],
    shape: () => ({ size: 3, chaos: 10, clients: 1 }),
    every: ['ok-answered'],
  }),
  graded({
    id: 'B2',
    title: 'Concurrent commands',
    sentence: 'Commands of many clients at once are all committed, and none is lost or doubled.',
    section: '§5.3',
    covers: ['MIT ConcurrentStarts', 'MadRaft concurrent_starts'],
    shape: () => ({ size: 3, chaos: 8, clients: 8, every: 0.3 }),
    every: ['ok-answered'],
    answered: 30,
  }),
  graded({
    id: 'B3',
    title: 'A follower away and back',
    sentence: 'A follower that was cut off gets all that it has missed.',
    section: '§5.3',
    covers: ['MIT FailAgree', 'MadRaft fail_agree', 'MIT FollowerFailure'],
    shape: (trial) => ({
      size: 3,
      chaos: 18,
      faults: every(trial, 3, 5, 3, (atUs) => [cutOff(at(atUs), trial.us(3), trial.pick(1, 3))]),
    }),
    every: ['ok-answered'],
  }),
  graded({
    id: 'B4',
    title: 'Followers fail one by one',
    sentence: 'Two of three still agree; one of three commits nothing.',
    section: '§5.3',
    covers: ['MIT FollowerFailure'],
    shape: (trial) => {
      const { us } = trial;
      const [a, b, c] = shuffled(trial, 3);
      return {
        size: 3,
        chaos: 18,
        faults: [split(at(us(4)), [a!], [b!, c!], us(10)), split(at(us(8)), [b!], [c!], us(6))],
      };
    },
    every: ['ok-answered'],
  }),
  graded({
    id: 'B5',
    title: 'Leaders fail one by one',
    sentence:
      'When leaders are cut off in turn, those that are left agree, and a lonely one does not.',
    section: '§5.3',
    covers: ['MIT LeaderFailure'],
    points: 3,
    shape: ({ us }) => ({
      size: 3,
      chaos: 20,
      faults: [cutOff(atAnswer(4), us(9)), cutOff(atAnswer(9), us(5))],
    }),
    every: ['ok-answered'],
    some: ['leader-cut-off'],
  }),
  graded({
    id: 'B6',
    title: 'No agreement without a majority',
    sentence:
      'With three of five away nothing is committed; when they are back, everything goes on.',
    section: '§5.3',
    covers: ['MIT FailNoAgree', 'MadRaft fail_no_agree'],
    shape: (trial) => {
      const order = shuffled(trial, 5);
      const { us } = trial;
      return {
        size: 5,
        chaos: 18,
        faults: [
          split(at(us(4)), order.slice(0, 2), order.slice(2), us(8)),
          split(at(us(4)), order.slice(2, 4), order.slice(4), us(8)),
          split(at(us(4)), order.slice(2, 3), order.slice(3, 4), us(8)),
        ],
      };
    },
    every: ['ok-answered'],
  }),
  graded({
    id: 'B7',
    title: 'A leader comes back with a tail',
    sentence: 'What a cut-off leader has appended alone is overwritten when it comes back.',
    section: '§5.3',
    covers: ['MIT Rejoin', 'MadRaft rejoin'],
    points: 3,
    runs: FEWER_RUNS,
    shape: ({ us }) => ({
      size: 3,
      chaos: 22,
      clients: 4,
      faults: [cutOff(atAnswer(3), us(5)), cutOff(atAnswer(12), us(5))],
    }),
    every: ['ok-answered'],
    some: ['leader-cut-off'],
  }),
  graded({
    id: 'B8',
    title: 'Long tails that differ',
    sentence: 'A leader backs up quickly over long tails, and the logs become one.',
    section: '§5.3 (end)',
    covers: ['MIT Backup', 'MadRaft backup'],
    points: 3,
    runs: FEW_RUNS,
    shape: (trial) => {
      const { us } = trial;
      const order = shuffled(trial, 5);
      return {
        size: 5,
        chaos: 18,
        clients: 8,
        every: 0.1,
        eventsMax: 120_000,
        faults: [
          split(at(us(3)), order.slice(0, 2), order.slice(2), us(5)),
          split(at(us(9)), order.slice(1, 3), [order[0]!, ...order.slice(3)], us(5)),
        ],
      };
    },
    every: ['ok-answered'],
    answered: 20,
  }),
  graded({
    id: 'B9',
    title: 'Each entry once',
    sentence: 'Where nothing is lost, an entry is sent to each server about once.',
    section: '§5.3',
    covers: ['MIT RPCBytes'],
    shape: (trial) => ({
      size: 3,
      chaos: 14,
      clients: 1,
      every: 14,
      readPpm: 0,
      traffic: 2,
      // Nobody knows who leads: each server is asked once.
      script: Array.from({ length: 30 }, (_, i) => ({
        atUs: trial.us(5 + Math.floor(i / 3) * 0.5),
        node: 1 + (i % 3),
        ops: [`put x0 ${'v'.repeat(2_000)}${i}`],
      })),
    }),
    every: ['ok-answered'],
    budget: ({ bytes, messages, size }: Cost) => {
      const most = (size - 1) * 10 * 2_000 * 2 + 20_000 + 250 * messages;
      if (bytes <= most) return null;
      return `Ten commands of 2,000 characters took ${bytes} characters between servers in ${messages} messages; ${most} are enough.`;
    },
  }),
  graded({
    id: 'B10',
    title: 'Idle servers are quiet',
    sentence: 'Without commands a leader sends heartbeats and little else.',
    section: '§5.2',
    covers: ['MIT Count', 'MadRaft count'],
    runs: FEWER_RUNS,
    shape: () => ({ size: 3, chaos: 30, clients: 1, every: 30, readPpm: 0, traffic: 1 }),
    answered: 1,
    budget: ({ messages, virtualUs, size, heartbeatMs }: Cost) => {
      const rounds = virtualUs / (heartbeatMs * 1_000);
      const most = Math.floor(rounds * (size - 1) * 2 * 2) + 200;
      if (messages <= most) return null;
      return `${messages} messages in ${Math.floor(virtualUs / 1_000)} ms of quiet; ${most} are enough for heartbeats and their answers.`;
    },
  }),
];
