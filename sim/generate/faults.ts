import type { ClusterPlan, Fault, FaultAction, PhasesPlan } from '../kernel/plan.ts';
import { between, type Draw, drawSome, logBetween, percent, weighted } from './draw.ts';
import {
  type ActionStyle,
  drawAction,
  drawStyle,
  type FaultKind,
  isLasting,
} from './fault-action.ts';
import { drawTriggers, type TriggerKind, triggerKinds, wireTriggerKinds } from './fault-trigger.ts';

/** What the generator does with the list of faults. */
export const faultsKnobs = {
  kinds:
    'One or two kinds of fault in most seeds, more in some, with random weights; crashes most.',
  timed: 'None in 3 of 10 seeds, else up to 8, anywhere in the chaos phase.',
  pairs: 'Every fourth timed fault has a second one within an election timeout.',
  triggered: '2 to 10 in most seeds, on one to four kinds of fact; none in 6 of 100.',
  repeats: 'Two in five triggers fire again on the next such facts, mostly with the same fault.',
} as const;

const kindCount = weighted([32, 1], [33, 2], [17, 3], [10, 4], [8, 6]);
const mayElapse = percent(40);
const kindWeight = between(1, 8);
const timedCount = weighted([30, 0], [50, between(1, 4)], [20, between(4, 8)]);
const triggeredCount = weighted([6, 0], [10, 1], [84, between(2, 10)]);
/** Parts of a thousand of the chaos phase. */
const moment = between(0, 950);
const hasSecond = percent(25);
/** Percent of the longest election timeout. */
const secondAfter = logBetween(1, 100);
/** Every leader of a series is cut off, say, for the same time. */
const hasOneFate = percent(60);
const triggerKindCount = weighted([30, 1], [35, 2], [20, 3], [15, 4]);

/** The faults of a plan, timed ones first; `wireOnly` uses facts that any implementation raises. */
export function drawFaults(
  draw: Draw,
  { cluster, phases, wireOnly }: { cluster: ClusterPlan; phases: PhasesPlan; wireOnly: boolean },
): Fault[] {
  const kinds = drawKinds(draw, cluster, wireOnly);
  const style = drawStyle(draw, cluster);
  const timed = drawTimed(draw, { cluster, phases, kinds, style });
  const triggered = drawTriggered(draw, { cluster, kinds, style, wireOnly });
  return [...timed, ...triggered];
}

/** Each enabled kind, as often as its weight says. */
function drawKinds(draw: Draw, { size }: ClusterPlan, wireOnly: boolean): FaultKind[] {
  // Crashes and isolation of single servers find most: twice in the list, chosen twice as often.
  const all: FaultKind[] = ['crash', 'crash', 'pause'];
  if (size > 1) all.push('isolate', 'isolate', 'block');
  // A timer's name belongs to an implementation.
  if (draw(mayElapse) && !wireOnly) all.push('elapse');
  const chosen = drawSome(draw, all, Math.min(draw(kindCount), all.length));
  // A lone elapse hurts nobody.
  if (chosen.length === 1 && chosen[0] === 'elapse') chosen[0] = 'crash';
  return chosen.flatMap((kind) => Array<FaultKind>(draw(kindWeight)).fill(kind));
}

interface Choices {
  readonly cluster: ClusterPlan;
  readonly kinds: readonly FaultKind[];
  readonly style: ActionStyle;
}

function drawTimed(
  draw: Draw,
  { cluster, phases, kinds, style }: Choices & { readonly phases: PhasesPlan },
): Fault[] {
  const faults: { atUs: number; what: FaultAction }[] = [];
  const count = draw(timedCount);
  for (let i = 0; i < count; i += 1) {
    const atUs = Math.floor(phases.chaosUs / 1_000) * draw(moment);
    faults.push({ atUs, what: drawAction(draw, { cluster, kinds, style, onFact: false }) });
    const gapUs = cluster.config.electionMsMax * 10 * draw(secondAfter);
    if (!draw(hasSecond)) continue;
    const what = drawAction(draw, { cluster, kinds, style, onFact: false });
    faults.push({ atUs: atUs + gapUs, what });
  }
  return faults.sort((a, b) => a.atUs - b.atUs).map(({ atUs, what }) => ({ when: { atUs }, what }));
}

function drawTriggered(
  draw: Draw,
  { cluster, kinds, style, wireOnly }: Choices & { readonly wireOnly: boolean },
): Fault[] {
  const allFacts: readonly TriggerKind[] = wireOnly ? wireTriggerKinds : triggerKinds;
  const facts = drawSome(draw, allFacts, draw(triggerKindCount));
  const count = draw(triggeredCount);
  return drawTriggers(draw, { size: cluster.size, facts, count }).flatMap((series) => {
    const isOneFate = draw(hasOneFate);
    let what: FaultAction | null = null;
    return series.map((when): Fault => {
      if (what === null || !isOneFate || isLasting(what)) {
        what = drawAction(draw, { cluster, kinds, style, onFact: true });
      }
      return { when, what };
    });
  });
}
