/** Reads that are answered from rounds and leases, where everything depends on the moment. */
import type { NodeId } from '../../core/messages.ts';
import type { Plan } from '../../sim/kernel/plan.ts';
import { asleep, at, crash, cutOff, does, pause, split, star } from './faults.ts';
import { graded } from './graded.ts';
import type { Trial } from './trial.ts';

type Script = Plan['workload']['script'];

/** From one moment on, `count` times: a read at one server, and writes at others. */
function readsBesideWrites(
  { us }: Trial,
  from: number,
  step: number,
  count: number,
  reader: NodeId,
  writers: readonly NodeId[],
): Script {
  return Array.from({ length: count }, (_, i) => us(from + i * step)).flatMap((atUs) => [
    { atUs, node: reader, ops: ['get x0'] },
    ...writers.map((node) => ({ atUs, node, ops: [`put x0 w${node}.${atUs}`] })),
  ]);
}

const ALL = [1, 2, 3, 4, 5] as const;
const OTHERS = [2, 3, 4, 5] as const;
const SELDOM = { clients: 1, every: 4, keys: 1, readPpm: 100_000, traffic: 4 } as const;

/** As much as leaves a slow leader time for a heartbeat before a fast follower stands. */
function driftOf({ capabilities }: Trial): number {
  const { electionMs, heartbeatMs } = capabilities;
  const [least] = electionMs;
  const most = (least - 2 * heartbeatMs) / (least + 2 * heartbeatMs);
  return Math.max(0, Math.floor(Math.min(0.25, most * 0.95) * 1_000_000));
}

export const EXTENSIONS_OF_READS = [
  graded({
    id: 'K9',
    title: 'Clocks that differ',
    sentence:
      'Clocks run at different rates: who relies on time to answer reads must allow for it.',
    section: '§8',
    needs: ['reads'],
    points: 3,
    shape: (trial) => {
      const { us } = trial;
      const driftPpm = driftOf(trial);
      const rounds = [6, 17, 28];
      return {
        ...SELDOM,
        every: 8,
        size: 5,
        chaos: 33,
        driftPpm,
        clocks: ALL.map((node) => ({ node, ratePpm: node === 1 ? -driftPpm : driftPpm })),
        script: rounds.flatMap((from) =>
          readsBesideWrites(trial, from + 0.35, 0.01, 30, 1, OTHERS),
        ),
        faults: rounds.flatMap((from) => [
          ...asleep(at(us(Math.max(0, from - 6.5))), OTHERS, us(4.5)),
          cutOff(at(us(from)), us(2), 1),
        ]),
      };
    },
    every: ['read-answered'],
    answered: 1,
  }),
  graded({
    id: 'K10',
    title: 'Reads while voters forget',
    sentence: 'A server that starts anew does not know to whom it has promised to wait.',
    section: '§8',
    needs: ['reads', 'durability'],
    points: 3,
    shape: (trial) => {
      const { us } = trial;
      const rounds = [10, 22];
      return {
        ...SELDOM,
        every: 12,
        size: 5,
        chaos: 30,
        script: rounds.flatMap((from) =>
          readsBesideWrites(trial, from + 0.05, 0.01, 45, 1, OTHERS),
        ),
        faults: rounds.flatMap((from) => [
          star(at(us(from - 10)), 1, ALL, us(8)),
          // S4 and S5 do not hear S1 any more, S2 and S3 do, until they crash.
          split(at(us(from - 2)), [1, 2, 3], [4, 5], us(2)),
          split(at(us(from)), [1], OTHERS, us(2)),
          crash(at(us(from)), us(0.01), 2),
          crash(at(us(from)), us(0.01), 3),
        ]),
      };
    },
    every: ['read-answered'],
    answered: 1,
  }),
  graded({
    id: 'K12',
    title: 'Reads that come before the answers',
    sentence: 'A read is confirmed by a question that was asked after it had come.',
    section: 'thesis §6.4',
    needs: ['reads'],
    points: 3,
    shape: (trial) => {
      const { us } = trial;
      const rounds = [6, 13, 20];
      return {
        ...SELDOM,
        every: 8,
        size: 5,
        chaos: 26,
        script: rounds.flatMap((from) => readsBesideWrites(trial, from + 0.5, 0.01, 60, 1, [2])),
        faults: rounds.flatMap((from) => [
          star(at(us(from - 6)), 1, ALL, us(6)),
          // Of all answers to S1 none comes for a time, and S2 does not hear its questions.
          does(at(us(from)), { do: 'clog', node: 1, direction: 'in', forUs: us(1.5) }),
          does(at(us(from)), { do: 'block', links: [[1, 2]], forUs: us(1) }),
        ]),
      };
    },
    every: ['read-answered'],
    answered: 1,
  }),
  graded({
    id: 'K13',
    title: 'A request to stand that comes late',
    sentence: 'Who has asked another server to lead does not rely on time any more.',
    section: 'thesis §3.10, §6.4.1',
    needs: ['reads', 'transfer'],
    points: 3,
    shape: (trial) => {
      const { us } = trial;
      const rounds = [6, 16, 26];
      return {
        ...SELDOM,
        every: 10,
        size: 5,
        chaos: 34,
        operators: [
          {
            requests: rounds.map((from) => ({
              atUs: us(from),
              node: 1,
              request: { kind: 'transferLeadership', to: 2 } as const,
            })),
            timeoutUs: us(0.2),
          },
        ],
        script: rounds.flatMap((from) => readsBesideWrites(trial, from + 1.3, 0.01, 50, 1, [2])),
        faults: rounds.flatMap((from) => [
          star(at(us(from - 6)), 1, ALL, us(6)),
          pause(at(us(from - 0.05)), us(1.36), 2),
          split(at(us(from + 1.3)), [1], OTHERS, us(2)),
        ]),
      };
    },
    every: ['read-answered'],
    answered: 1,
  }),
];
