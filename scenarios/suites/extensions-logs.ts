/** What servers have heard and not written, and who decides by it later. */
import type { Plan } from '../../sim/kernel/plan.ts';
import { asleep, at, crash, split, star } from './faults.ts';
import { graded } from './graded.ts';
import type { Trial } from './trial.ts';

type Script = Plan['workload']['script'];

/** Each of these servers is asked for something else, `count` times. */
function asks(
  { us }: Trial,
  from: number,
  step: number,
  count: number,
  nodes: readonly number[],
): Script {
  return Array.from({ length: count }, (_, i) => us(from + i * step)).flatMap((atUs) =>
    nodes.map((node) => ({ atUs, node, ops: [`put x0 n${node}.${atUs}`] })),
  );
}

const ALL = [1, 2, 3, 4, 5] as const;

export const EXTENSIONS_OF_LOGS = [
  graded({
    id: 'C10',
    title: 'A term that was only heard of',
    sentence: 'A follower that crashes does not go back to the leader of an earlier term.',
    section: '§5.1, Figure 2 (persistent state)',
    needs: ['durability'],
    points: 3,
    shape: (trial) => {
      const { us } = trial;
      return {
        size: 5,
        chaos: 22,
        clients: 1,
        every: 20,
        traffic: 2,
        readPpm: 0,
        script: [
          ...asks(trial, 4, 1, 2, ALL),
          ...asks(trial, 9.5, 0.5, 5, ALL),
          ...asks(trial, 14.5, 1, 4, ALL),
        ],
        faults: [
          star(at(0), 1, ALL, us(6)),
          split(at(us(6)), [1, 5], [2, 3, 4], us(3)),
          // S5 hears the new leader, and not S1.
          split(at(us(9)), [1], [2, 3, 4, 5], us(3)),
          split(at(us(9)), [4], [2, 3, 5], us(3)),
          crash(at(us(12)), us(0.05), 5),
          split(at(us(12)), [2, 3], [1, 4, 5], us(8)),
          split(at(us(12)), [4], [1, 5], us(2)),
        ],
      };
    },
    every: ['ok-answered'],
  }),
  graded({
    id: 'D13',
    title: 'A snapshot into the middle of a long tail',
    sentence: 'What stands behind a snapshot and does not go on from it is gone.',
    section: '§7, Figure 13',
    needs: ['snapshots'],
    points: 3,
    shape: (trial) => {
      const { us } = trial;
      return {
        size: 3,
        chaos: 14,
        clients: 1,
        every: 20,
        traffic: 2,
        readPpm: 0,
        snapshotEntries: 12,
        script: [
          ...asks(trial, 4.2, 0.2, 2, [1]),
          ...asks(trial, 5.2, 0.02, 40, [1]),
          ...asks(trial, 7.5, 0.1, 12, [2, 3]),
          ...asks(trial, 11, 0.5, 3, [2, 3]),
        ],
        faults: [...asleep(at(0), [2, 3], us(3.5)), split(at(us(5)), [1], [2, 3], us(5))],
      };
    },
    every: ['ok-answered'],
    some: ['snapshot-installed'],
  }),
];
