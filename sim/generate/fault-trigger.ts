import type { FaultTrigger } from '../kernel/plan.ts';
import { nodesOf } from './cluster.ts';
import { between, type Draw, drawOne, logBetween, percent, weighted } from './draw.ts';

/** The facts that generated faults wait for. */
export type TriggerKind = FaultTrigger['on'];

/** Facts that the world sees whatever the messages look like. */
export const wireTriggerKinds = [
  'write',
  'action',
  'broadcast',
  'senders',
  'apply',
  'acknowledged',
  'started',
  'sendBehindWrite',
] as const satisfies readonly TriggerKind[];

/** All facts; those of a role come twice, since they find most. */
export const triggerKinds: readonly TriggerKind[] = [
  'leader',
  'leader',
  'leaderAgain',
  'leaderAgain',
  'commit',
  'commit',
  'voteGranted',
  'voteGranted',
  'candidate',
  'success',
  'truncate',
  ...wireTriggerKinds,
];

/** How far into the facts of its kind a trigger reaches; every doubling is equally likely. */
export const triggerKnobs = {
  leader: 'The first leader in every second case, else one of the first 6; after 0 to 3 appends.',
  leaderAgain: 'One of the first 4 times that a server leads again; after 0 to 3 appends.',
  commit: 'One of the first 40 times that a leader commits.',
  candidate: 'One of the first 20 candidacies.',
  voteGranted: 'One of the first 12 votes, before or after it is sent.',
  success: 'One of the first 200 successes, before or after it is sent.',
  truncate: 'One of the first 10 truncations.',
  write: 'One of the first 400 writes: before it, after it, or when it is done.',
  sendBehindWrite: 'One of the first 200 messages that overtake a write of their sender.',
  started: 'One of the first 6 restarts.',
  action: 'One of the first 3,000 actions.',
  broadcast: 'One of the first 200 broadcasts.',
  senders: 'A server has heard 1 to all others, for one of the first 6 times.',
  apply: 'One of the first 60 entries to be applied.',
  acknowledged: 'One of the first 60 answers.',
  configuration: 'One of the first 6 configuration entries.',
  configurationCommitted: 'One of the first 4 configurations to be applied.',
  snapshotSent: 'One of the first 20 chunks of snapshots, or last chunks.',
  snapshotTaken: 'One of the first 20 snapshots.',
  snapshotWritten: 'One of the first 20 snapshots to be written.',
  timeoutNow: 'One of the first 4 transfers of leadership.',
  readServed: 'One of the first 60 reads without the log.',
} as const satisfies Record<TriggerKind, string>;

const nth = {
  leader: weighted([55, 1], [25, 2], [20, between(3, 6)]),
  leaderAgain: weighted([60, 1], [20, 2], [20, between(3, 4)]),
  commit: logBetween(1, 40),
  candidate: logBetween(1, 20),
  voteGranted: logBetween(1, 12),
  success: logBetween(1, 200),
  truncate: logBetween(1, 10),
  write: logBetween(1, 400),
  sendBehindWrite: logBetween(1, 200),
  started: logBetween(1, 6),
  action: logBetween(1, 3_000),
  broadcast: logBetween(1, 200),
  senders: logBetween(1, 6),
  apply: logBetween(1, 60),
  acknowledged: logBetween(1, 60),
  configuration: logBetween(1, 6),
  configurationCommitted: logBetween(1, 4),
  snapshotSent: logBetween(1, 20),
  snapshotTaken: logBetween(1, 20),
  snapshotWritten: logBetween(1, 20),
  timeoutNow: logBetween(1, 4),
  readServed: logBetween(1, 60),
} as const;

const appends = between(0, 3);
const beforeOrAfter = between(0, 1);
const beforeAfterOrDone = between(0, 2);

/** Counted over all servers, mostly: which one leads is not known beforehand. */
const isAnyNode = percent(88);
const repeats = weighted([60, 1], [22, 2], [12, 3], [6, 4]);
/** Leader after leader: each of them must meet the same fate for Figure 8 and its kin. */
const leaderRepeats = weighted([25, 1], [25, 2], [20, 3], [15, 4], [15, 6]);
const step = weighted([70, 1], [30, 2]);

/** `count` triggers on these facts, in series: a repeated one fires on the next such facts too. */
export function drawTriggers(
  draw: Draw,
  { size, facts, count }: { size: number; facts: readonly TriggerKind[]; count: number },
): FaultTrigger[][] {
  const series: FaultTrigger[][] = [];
  let left = count;
  while (left > 0) {
    const on = drawOne(draw, facts);
    const node = draw(isAnyNode) ? 0 : drawOne(draw, nodesOf(size));
    const first = draw(nth[on]);
    const refinement = drawCount(draw, on, size);
    const repeated = draw(on === 'leader' || on === 'leaderAgain' ? leaderRepeats : repeats);
    const times = Math.min(repeated, left);
    const gap = draw(step);
    const one: FaultTrigger[] = [];
    for (let i = 0; i < times; i += 1) {
      one.push({ on, node, nth: first + i * gap, count: refinement });
    }
    series.push(one);
    left -= times;
  }
  return series;
}

function drawCount(draw: Draw, on: TriggerKind, size: number): number {
  switch (on) {
    case 'leader':
    case 'leaderAgain':
      return draw(appends);
    case 'voteGranted':
    case 'success':
    case 'snapshotSent':
      return draw(beforeOrAfter);
    case 'write':
      return draw(beforeAfterOrDone);
    case 'senders':
      return drawOne(draw, nodesOf(Math.max(1, size - 1)));
    case 'commit':
    case 'candidate':
    case 'truncate':
    case 'sendBehindWrite':
    case 'started':
    case 'action':
    case 'broadcast':
    case 'apply':
    case 'acknowledged':
    case 'configuration':
    case 'configurationCommitted':
    case 'snapshotTaken':
    case 'snapshotWritten':
    case 'timeoutNow':
    case 'readServed':
      return 0;
  }
}
