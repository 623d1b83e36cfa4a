/** Changes of membership that two sides carry on apart: who hears whom decides who can lead. */
import type { OperatorPlan } from '../../sim/kernel/plan.ts';
import { asleep, at, crash, every, on, split, star } from './faults.ts';
import { graded } from './graded.ts';
import type { Trial } from './trial.ts';

/** Asks this server first, and gives up after so many election timeouts. */
function asks(
  { us }: Trial,
  from: number,
  node: number,
  voters: readonly number[],
  patience: number,
): OperatorPlan {
  const request = { kind: 'changeMembership', voters, learners: [] } as const;
  return { requests: [{ atUs: us(from), node, request }], timeoutUs: us(patience) };
}

/** Whatever came of the change: S1 to S4 are to go on at the end, and the others do not live on. */
function takesBack(trial: Trial, from: number): OperatorPlan {
  return asks(trial, from, 1, [1, 2, 3, 4], 6);
}

const CLIENTS = { clients: 4, every: 0.4, timeout: 1, readPpm: 0 } as const;

/** A leader changes the membership for itself alone, and follows another one before it stands again. */
export const takenBack = graded({
  id: 'X4',
  title: 'A change that was taken back',
  sentence: 'A configuration whose entry is overwritten is not in force any more.',
  section: '§6',
  needs: ['membership'],
  points: 3,
  shape: (trial) => {
    const { us } = trial;
    return {
      ...CLIENTS,
      size: 4,
      spares: 1,
      chaos: 26,
      operators: [asks(trial, 6.02, 1, [1, 2, 3], 1.5), asks(trial, 12.02, 3, [1, 2, 3, 4, 5], 8)],
      faults: [
        star(at(0), 1, [1, 2, 3, 4], us(6)),
        // Nobody hears of the first change, and S3 is the next leader.
        split(at(us(6)), [1], [2, 3, 4, 5], us(4)),
        star(at(us(6)), 3, [1, 2, 3, 4], us(6)),
        ...asleep(at(us(6)), [2, 4], us(2.5)),
        split(at(us(12)), [1, 2], [3, 4, 5], us(10)),
      ],
    };
  },
  every: ['ok-answered'],
});

export const EXTENSIONS_OF_MEMBERSHIP = [
  graded({
    id: 'X9',
    title: 'Two leaders, and two changes',
    sentence: 'A leader changes nothing before it has committed an entry of its own term.',
    section: 'thesis §4.1',
    needs: ['membership', 'claims'],
    points: 3,
    shape: (trial) => {
      const { us } = trial;
      const later = us(12);
      return {
        ...CLIENTS,
        size: 4,
        spares: 1,
        chaos: 28,
        operators: [asks(trial, 6.02, 1, [1, 2, 3, 4, 5], 20), asks(trial, 9, 2, [2, 3, 4], 15)],
        faults: [
          star(at(0), 1, [1, 2, 3, 4], us(6)),
          // S1 and S5 on one side; on the other only S2 can be elected, and then hears nobody.
          split(at(us(6)), [1, 5], [2, 3, 4], us(6)),
          star(at(us(6)), 2, [2, 3, 4], us(6)),
          ...asleep(at(us(6)), [3, 4], us(2.5)),
          split(on('leader', 1, 0, 2), [2], [3, 4], us(4)),
          split(at(later), [2, 3], [1, 4, 5], us(12)),
        ],
      };
    },
    every: ['ok-answered'],
  }),
  graded({
    id: 'X10',
    title: 'An unfinished change is found',
    sentence: 'A leader that finds a change in its log commits it before it goes on with it.',
    section: '§6',
    needs: ['membership', 'claims'],
    points: 3,
    shape: (trial) => {
      const { us } = trial;
      return {
        ...CLIENTS,
        size: 4,
        spares: 2,
        chaos: 26,
        operators: [asks(trial, 6.02, 4, [4, 5, 6], 1.5), takesBack(trial, 19)],
        faults: [
          star(at(0), 4, [1, 2, 3, 4], us(12)),
          // S5 and S6 hear of the change, and S1, S2 and S3 do not.
          split(at(us(6)), [1, 2, 3], [4, 5, 6], us(2)),
          split(on('leader', 2, 0), [1, 2, 3], [4, 5, 6], us(10)),
        ],
      };
    },
    every: ['ok-answered'],
  }),
  graded({
    id: 'X11',
    title: 'The new side alone',
    sentence: 'While the membership changes, no leader is elected without the old majority.',
    section: '§6',
    needs: ['membership', 'durability'],
    points: 3,
    shape: (trial) => {
      const { us } = trial;
      return {
        ...CLIENTS,
        size: 4,
        spares: 3,
        chaos: 24,
        operators: [asks(trial, 6.02, 4, [4, 5, 6, 7], 1.5), takesBack(trial, 16)],
        faults: [
          star(at(0), 4, [1, 2, 3, 4], us(6)),
          split(at(us(6)), [1, 2, 3], [4, 5, 6, 7], us(9)),
          ...every(trial, 8, 2, 3, (atUs) =>
            [4, 5, 6, 7].map((node) => crash(at(atUs), trial.usBetween(0.02, 0.2), node)),
          ),
        ],
      };
    },
    every: ['ok-answered'],
  }),
];
