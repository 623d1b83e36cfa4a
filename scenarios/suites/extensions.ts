/** Of what goes beyond the labs: learners, changes under partitions, pre-vote, transfers. */
import type { OperatorPlan } from '../../sim/kernel/plan.ts';
import { takenBack } from './extensions-membership.ts';
import {
  at,
  atAnswer,
  atLeader,
  crash,
  cutOff,
  does,
  every,
  on,
  shuffled,
  split,
} from './faults.ts';
import { graded } from './graded.ts';
import type { Trial } from './trial.ts';

type Request = OperatorPlan['requests'][number];

function change(
  atUs: number,
  voters: readonly number[],
  learners: readonly number[] = [],
): Request {
  return { atUs, node: 0, request: { kind: 'changeMembership', voters, learners } };
}

function operator({ us }: Trial, requests: readonly Request[]): OperatorPlan {
  return { requests, timeoutUs: us(20) };
}

/** Of a leader that is not heard by one server only. */
const LEADERS_MAX = 4;

export const EXTENSIONS = [
  graded({
    id: 'X1',
    title: 'Most servers are exchanged',
    sentence: 'Old and new servers that do not hear each other never decide apart.',
    section: '§6',
    needs: ['membership'],
    points: 4,
    shape: (trial) => {
      const { us, capabilities } = trial;
      const from = us(6) + trial.usBetween(0.005, 0.25);
      const steps =
        capabilities.membership === 'joint'
          ? [change(us(6), [3, 4, 5])]
          : [change(us(6), [1, 2, 3, 4]), change(us(6), [2, 3, 4]), change(us(6), [2, 3, 4, 5])];
      return {
        size: 3,
        spares: 2,
        chaos: 26,
        clients: 4,
        timeout: 1,
        operators: [operator(trial, steps)],
        faults: [
          split(at(from), [1, 2], [3, 4, 5], us(3)),
          cutOff(at(from + us(4)), us(1.5), trial.pick(3, 5)),
          split(at(from + us(6)), [1, 2], [3, 4, 5], us(3)),
        ],
      };
    },
    every: ['ok-answered'],
    some: ['membership-changed'],
  }),
  graded({
    id: 'X2',
    title: 'Learners do not count',
    sentence: 'What a leader and learners have is not committed, and they confirm no reign.',
    section: 'thesis §4.2.1',
    needs: ['membership'],
    points: 3,
    shape: (trial) => ({
      size: 3,
      spares: 2,
      chaos: 30,
      clients: 6,
      timeout: 1,
      keys: 1,
      operators: [operator(trial, [change(trial.us(3), [1, 2, 3], [4, 5])])],
      faults: [1, 2, 3, 1, 2, 3].map((node, i) =>
        split(
          at(trial.us(6 + 4 * i)),
          [node, 4, 5],
          [1, 2, 3].filter((other) => other !== node),
          trial.us(3),
        ),
      ),
    }),
    every: ['ok-answered'],
    some: ['membership-changed'],
  }),
  graded({
    id: 'X3',
    title: 'A learner that does not know its promotion',
    sentence: 'A server gives its vote to whoever asks, whatever it takes itself for.',
    section: 'thesis §4.2.1',
    needs: ['membership'],
    points: 3,
    shape: (trial) => ({
      size: 3,
      spares: 1,
      chaos: 14,
      operators: [
        operator(trial, [change(trial.us(3), [1, 2, 3], [4]), change(trial.us(7), [1, 2, 3, 4])]),
      ],
      faults: [cutOff(at(trial.us(7) + trial.usBetween(0, 0.1)), null, 4)],
      core: [1, 2, 3, 4].filter((node) => node !== 1 + (trial.pick(0, 299) % 3)),
    }),
    every: ['ok-answered'],
    some: ['membership-changed'],
  }),
  takenBack,
  graded({
    id: 'X5',
    title: 'A server that does not hear the leader',
    sentence: 'Who does not hear a leader that all others hear does not depose it.',
    section: 'thesis §9.6',
    needs: ['claims', 'preVote', 'checkQuorum'],
    shape: ({ us }) => ({
      size: 5,
      chaos: 24,
      clients: 0,
      faults: [
        does(atLeader(1), { do: 'isolate', node: 0, direction: 'both', peers: 1, forUs: us(16) }),
      ],
    }),
    every: ['leader-claimed'],
    answered: 0,
    budget: ({ reigns }) =>
      reigns <= LEADERS_MAX
        ? null
        : `One server did not hear the leader, and ${reigns} leaders followed each other.`,
  }),
  graded({
    id: 'X6',
    title: 'The longest log in the oldest term',
    sentence: 'Who is refused a pre-vote learns which term the others are in, and catches up.',
    section: 'thesis §9.6, §5.1',
    needs: ['claims', 'preVote', 'durability'],
    shape: (trial) => {
      const [, ...rest] = shuffled(trial, 3);
      return {
        size: 3,
        chaos: 14,
        clients: 4,
        every: 0.1,
        timeout: 1,
        faults: [
          cutOff(atAnswer(4), trial.us(4)),
          does(on('leader', 2, 0), { do: 'crash', node: 0, restartUs: null, keep: 'all' }),
        ],
        core: rest.sort((a, b) => a - b),
      };
    },
    every: ['ok-answered'],
    answered: 4,
  }),
  graded({
    id: 'X7',
    title: 'Leadership is handed over',
    sentence: 'Who is asked to lead has to win like any other, with a log that is up to date.',
    section: 'thesis §3.10',
    needs: ['transfer'],
    points: 3,
    shape: (trial) => ({
      size: 3,
      chaos: 40,
      clients: 5,
      every: 0.15,
      keys: 1,
      readPpm: 400_000,
      timeout: 1,
      network: 'hostile',
      operators: [
        {
          requests: Array.from({ length: 16 }, (_, i) => ({
            atUs: trial.us(3 + 2 * i),
            node: 0,
            request: { kind: 'transferLeadership', to: trial.pick(1, 3) } as const,
          })),
          timeoutUs: trial.us(1.5),
        },
      ],
      faults: every(trial, 3.2, 2, 16, (atUs) => {
        const node = trial.pick(1, 3);
        return [
          cutOff(at(atUs), trial.us(0.7), node),
          does(at(atUs + trial.us(0.5)), {
            do: 'exhume',
            node,
            of: 'any',
            count: 60,
            withinUs: trial.us(0.1),
          }),
        ];
      }),
    }),
    every: ['ok-answered'],
    some: ['leadership-transferred'],
  }),
  graded({
    id: 'X8',
    title: 'The configuration in a snapshot',
    sentence: 'Who starts from a snapshot knows who takes part, also when the log does not tell.',
    section: '§7',
    needs: ['membership', 'snapshots', 'durability'],
    points: 3,
    shape: (trial) => ({
      size: 3,
      spares: 2,
      chaos: 30,
      clients: 4,
      timeout: 1,
      snapshotEntries: 3,
      operators: [operator(trial, [change(trial.us(3), [1, 2, 3, 4, 5])])],
      faults: every(trial, 9, 5, 4, (atUs) => [
        ...[1, 2, 3, 4, 5].map((node) => crash(at(atUs), trial.us(0.1), node)),
        split(at(atUs), [1, 2], [3, 4, 5], trial.us(3)),
      ]),
    }),
    every: ['ok-answered', 'snapshot-taken'],
    some: ['membership-changed', 'snapshot-restored'],
  }),
];
