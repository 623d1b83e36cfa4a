/** Milestone 4: servers come and go. */
import type { OperatorPlan } from '../../sim/kernel/plan.ts';
import { at, atAnswer, crash, cutOff } from './faults.ts';
import { graded } from './graded.ts';
import type { Trial } from './trial.ts';

/** One after the other, each asked again until it has happened. */
function changes(
  { us }: Trial,
  steps: readonly { readonly at: number; readonly voters: readonly number[] }[],
): OperatorPlan {
  return {
    requests: steps.map((step) => ({
      atUs: us(step.at),
      node: 0,
      request: { kind: 'changeMembership', voters: step.voters, learners: [] },
    })),
    timeoutUs: us(20),
  };
}

export const MILESTONE_4 = [
  graded({
    id: 'M4.1',
    title: 'A server is added',
    sentence: 'A fourth server gets the log, and then counts.',
    section: '§6',
    needs: ['membership'],
    shape: (trial) => ({
      size: 3,
      spares: 1,
      chaos: 26,
      operators: [changes(trial, [{ at: 6, voters: [1, 2, 3, 4] }])],
    }),
    every: ['ok-answered', 'membership-changed'],
  }),
  graded({
    id: 'M4.2',
    title: 'A server is removed',
    sentence: 'A server that was taken out counts no more, and disturbs nobody.',
    section: '§6',
    needs: ['membership'],
    shape: (trial) => ({
      size: 4,
      chaos: 26,
      operators: [changes(trial, [{ at: 6, voters: [1, 2, 3] }])],
    }),
    every: ['ok-answered', 'membership-changed'],
  }),
  graded({
    id: 'M4.3',
    title: 'Step by step to other servers',
    sentence: 'While the membership changes, no two majorities decide apart from each other.',
    section: '§6',
    needs: ['membership'],
    points: 4,
    shape: (trial) => ({
      size: 3,
      spares: 2,
      chaos: 40,
      operators: [
        changes(trial, [
          { at: 5, voters: [1, 2, 3, 4] },
          { at: 8, voters: [2, 3, 4] },
          { at: 11, voters: [2, 3, 4, 5] },
          { at: 14, voters: [3, 4, 5] },
        ]),
      ],
      faults: [cutOff(atAnswer(6), trial.us(2)), cutOff(atAnswer(14), trial.us(2))],
    }),
    every: ['ok-answered', 'membership-changed'],
  }),
  graded({
    id: 'M4.4',
    title: 'The configuration survives crashes',
    sentence: 'A configuration is an entry like others: committed, and there after a restart.',
    section: '§6',
    needs: ['membership', 'durability'],
    points: 3,
    shape: (trial) => ({
      size: 3,
      spares: 1,
      chaos: 34,
      operators: [changes(trial, [{ at: 6, voters: [1, 2, 3, 4] }])],
      faults: [1, 2, 3, 4].map((node) => crash(at(trial.us(18)), trial.usBetween(0.2, 2), node)),
    }),
    every: ['ok-answered', 'membership-changed', 'restarted-with-writes'],
  }),
  graded({
    id: 'M4.5',
    title: 'Commands go on meanwhile',
    sentence: 'Commands are committed while servers come and go, and when a leader dies meanwhile.',
    section: '§6',
    needs: ['membership', 'durability'],
    points: 3,
    shape: (trial) => ({
      size: 5,
      chaos: 36,
      clients: 4,
      operators: [
        changes(trial, [
          { at: 5, voters: [1, 2, 3, 4] },
          { at: 12, voters: [1, 2, 3, 4, 5] },
        ]),
      ],
      faults: [crash(atAnswer(8), trial.us(2)), crash(atAnswer(24), trial.us(2))],
    }),
    every: ['ok-answered', 'membership-changed'],
    answered: 15,
  }),
];
