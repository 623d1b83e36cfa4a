import type fc from 'fast-check';
import type { ClusterPlan, Fault, FaultAction, PhasesPlan } from '../kernel/plan.ts';
import { type ActionStyle, drawStyle, isLasting } from './action-style.ts';
import { drawComebacks } from './comebacks.ts';
import {
  between,
  constant,
  type Draw,
  drawOne,
  drawSome,
  logBetween,
  percent,
  weighted,
} from './draw.ts';
import { type ActionTables, actionTables, drawAction, type FaultKind } from './fault-action.ts';
import { drawTriggers, type TriggerKind, triggerKinds } from './fault-trigger.ts';
import type { Feature } from './features.ts';

/** What the generator does with the list of faults. */
export const faultsKnobs = {
  kinds:
    'One or two kinds of fault in most seeds, more in some, with random weights; crashes most.',
  timed: 'None in 3 of 10 seeds, else up to 8, anywhere in the chaos phase.',
  pairs:
    'Every fourth timed fault has a second one within an election timeout: of a crash mostly a second crash of the same server.',
  rival: 'In 2 of 5 seeds the election timer of some server runs out at once, early in the run.',
  comebacks: 'In 3 of 100 seeds one server leads again and again.',
  triggered: '2 to 10 in most seeds, on one to four kinds of fact; none in 6 of 100.',
  repeats: 'Two in five triggers fire again on the next such facts, mostly with the same fault.',
  fitting:
    'Every third fault on a fact is of a kind that goes with the fact: who dies while it promises, who comes back to old messages, who is cut off as soon as it leads.',
} as const;

/** What faults are drawn from. */
export interface FaultTables {
  /** Kinds of fault; who stands twice is chosen twice as often. */
  readonly kinds: readonly FaultKind[];
  readonly kindCount: fc.Arbitrary<number>;
  readonly timedCount: fc.Arbitrary<number>;
  readonly triggeredCount: fc.Arbitrary<number>;
  /** Does a second server stand for election, early in the run? */
  readonly hasRival: fc.Arbitrary<boolean>;
  /** Does one server lead again and again? */
  readonly hasComebacks: fc.Arbitrary<boolean>;
  readonly facts: readonly TriggerKind[];
  readonly factCount: fc.Arbitrary<number>;
  /** Is a fault on a fact one that goes with it, rather than one of the kinds of the seed? */
  readonly isFitting: fc.Arbitrary<boolean>;
  readonly action: ActionTables;
}

export const faultTables: FaultTables = {
  // Crashes and isolation of single servers find most.
  kinds: [
    'crash',
    'crash',
    'crash',
    'isolate',
    'isolate',
    'isolate',
    'block',
    'pause',
    'elapse',
    'outrun',
    'exhume',
    'clog',
    'interfere',
    'stall',
    'slow',
    'failWrites',
  ],
  kindCount: weighted([32, 1], [33, 2], [17, 3], [10, 4], [8, 6]),
  timedCount: weighted([30, 0], [50, between(1, 4)], [20, between(4, 8)]),
  triggeredCount: weighted([6, 0], [10, 1], [84, between(2, 10)]),
  hasRival: percent(40),
  hasComebacks: percent(3),
  facts: triggerKinds,
  factCount: weighted([30, 1], [35, 2], [20, 3], [15, 4]),
  isFitting: percent(33),
  action: actionTables,
};

/** What goes with each fact, going by where Raft must have been careful. */
const fitting: Record<TriggerKind, readonly FaultKind[]> = {
  leader: ['isolate', 'isolate', 'crash', 'stall'],
  leaderAgain: ['exhume', 'exhume', 'isolate'],
  commit: ['crash', 'isolate'],
  candidate: ['isolate', 'interfere', 'pause', 'crash'],
  voteGranted: ['crash', 'outrun'],
  success: ['outrun', 'crash', 'stall'],
  truncate: ['crash', 'exhume', 'failWrites'],
  write: ['crash', 'stall', 'failWrites'],
  sendBehindWrite: ['outrun', 'crash', 'failWrites', 'stall'],
  started: ['crash', 'exhume'],
  action: ['crash'],
  broadcast: ['isolate', 'crash'],
  senders: ['crash', 'pause'],
  apply: ['crash', 'isolate'],
  acknowledged: ['crash', 'isolate'],
  configuration: ['isolate', 'block', 'crash'],
  configurationCommitted: ['crash', 'isolate'],
  snapshotSent: ['crash', 'isolate', 'exhume'],
  snapshotTaken: ['crash', 'isolate'],
  snapshotWritten: ['crash', 'outrun', 'stall'],
  timeoutNow: ['isolate', 'crash', 'pause'],
  readServed: ['isolate', 'pause'],
};

/** Twice, since few seeds have them. */
export const factsOf: Partial<Record<Feature, readonly TriggerKind[]>> = {
  snapshots: ['snapshotSent', 'snapshotSent', 'snapshotTaken', 'snapshotWritten'],
  membership: ['configuration', 'configuration', 'configuration', 'configurationCommitted'],
  transfer: ['timeoutNow', 'timeoutNow'],
  readIndex: ['readServed', 'readServed'],
  lease: ['readServed', 'readServed'],
};

const kindWeight = between(1, 8);
/** Parts of a thousand of the chaos phase. */
const moment = between(0, 950);
const early = between(100, 400);
const hasSecond = percent(25);
/** Percent of the longest election timeout. */
const secondAfter = logBetween(1, 100);
const isSameAgain = percent(60);
/** Every leader of a series is cut off, say, for the same time. */
const hasOneFate = percent(60);

interface Surroundings {
  readonly cluster: ClusterPlan;
  readonly phases: PhasesPlan;
  readonly features: ReadonlySet<Feature>;
}

interface Choices {
  readonly cluster: ClusterPlan;
  readonly tables: FaultTables;
  /** Each kind as often as it is to be chosen. */
  readonly kinds: readonly FaultKind[];
  readonly style: ActionStyle;
}

/** The faults of a plan, timed ones first. */
export function drawFaults(
  draw: Draw,
  tables: FaultTables,
  { cluster, phases, features }: Surroundings,
): Fault[] {
  const fitted = fitTo(tables, features, cluster);
  const kinds = drawKinds(draw, fitted, cluster);
  const style = drawStyle(draw, cluster);
  const choices = { cluster, tables: fitted, kinds, style };
  const timed = drawTimed(draw, choices, phases);
  const triggered = drawTriggered(draw, choices);
  const isComing = draw(fitted.hasComebacks) && cluster.size > 1;
  const comebacks = isComing ? drawComebacks(draw, cluster, phases) : [];
  return [...comebacks, ...timed, ...triggered];
}

/**
 * Facts of what a seed has turned on come with it. A lease trusts that no timer runs out early:
 * where there are leases none is made to.
 */
function fitTo(
  tables: FaultTables,
  features: ReadonlySet<Feature>,
  { config }: ClusterPlan,
): FaultTables {
  const added = tables.action.isNamed ? [...features].flatMap((one) => factsOf[one] ?? []) : [];
  const facts = added.length === 0 ? tables.facts : [...tables.facts, ...added];
  if (config.reads !== 'lease') return { ...tables, facts };
  const kinds = tables.kinds.filter((kind) => kind !== 'elapse');
  return { ...tables, facts, kinds, hasRival: constant(false), hasComebacks: constant(false) };
}

/** Each chosen kind, as often as its weight says. */
function drawKinds(draw: Draw, tables: FaultTables, { size }: ClusterPlan): FaultKind[] {
  const all = tables.kinds.filter((kind) => size > 1 || !needsOthers(kind));
  const chosen = drawSome(draw, all, Math.min(draw(tables.kindCount), all.length));
  // Timers that run out, and old messages, hurt nobody where nothing else goes wrong.
  if (chosen.every(isHarmless)) chosen.push('crash');
  return chosen.flatMap((kind) => Array<FaultKind>(draw(kindWeight)).fill(kind));
}

function isHarmless(kind: FaultKind): boolean {
  return kind === 'elapse' || kind === 'exhume';
}

function needsOthers(kind: FaultKind): boolean {
  return kind === 'isolate' || kind === 'block' || kind === 'clog' || kind === 'interfere';
}

function drawTimed(draw: Draw, choices: Choices, { chaosUs }: PhasesPlan): Fault[] {
  const { cluster, tables, kinds, style } = choices;
  const faults: { atUs: number; what: FaultAction }[] = [];
  const one = (kind: FaultKind): FaultAction =>
    drawAction(draw, kind, { cluster, tables: tables.action, style, onFact: false });
  const momentUs = (): number => Math.floor(chaosUs / 1_000) * draw(moment);
  const count = draw(tables.timedCount);
  for (let i = 0; i < count; i += 1) {
    const atUs = momentUs();
    const what = one(drawOne(draw, kinds));
    faults.push({ atUs, what });
    const gapUs = cluster.config.electionMsMax * 10 * draw(secondAfter);
    if (!draw(hasSecond)) continue;
    const other = one(drawOne(draw, kinds));
    const isSame = draw(isSameAgain) && what.do === 'crash' && what.restartUs !== null;
    const restartedUs = isSame ? (what.restartUs ?? 0) : 0;
    faults.push({ atUs: atUs + restartedUs + gapUs, what: isSame ? what : other });
  }
  const isRival = draw(tables.hasRival);
  const rivalUs = Math.floor(chaosUs / 1_000) * draw(early);
  const rival = one('elapse');
  if (isRival) faults.push({ atUs: rivalUs, what: rival });
  return faults.sort((a, b) => a.atUs - b.atUs).map(({ atUs, what }) => ({ when: { atUs }, what }));
}

function drawTriggered(draw: Draw, { cluster, tables, kinds, style }: Choices): Fault[] {
  const facts = drawSome(draw, tables.facts, draw(tables.factCount));
  const count = draw(tables.triggeredCount);
  return drawTriggers(draw, { size: cluster.size + cluster.spares, facts, count }).flatMap(
    (series) => {
      const isOneFate = draw(hasOneFate);
      let what: FaultAction | null = null;
      return series.map((when): Fault => {
        if (what === null || !isOneFate || isLasting(what)) {
          const fits = fitting[when.on].filter((kind) => tables.kinds.includes(kind));
          const isFitting = draw(tables.isFitting) && fits.length > 0;
          const kind = drawOne(draw, isFitting ? fits : kinds);
          what = drawAction(draw, kind, { cluster, tables: tables.action, style, onFact: true });
        }
        return { when, what };
      });
    },
  );
}
