/**
 * Shrinking: from a plan that fails, the smallest plan that still fails in the same way.
 *
 * First the run is said: what was drawn becomes a script (pin.ts). Then whatever the failure can do
 * without is taken out (remove.ts), and what is left gets plain values and times (values.ts,
 * times.ts). Every candidate is one run, and counts only when it fails with the same fingerprint.
 */
import type { Plan } from '../kernel/plan.ts';
import { planSchema } from '../plan-schema.ts';
import { VERSIONS } from '../versions.ts';
import { itemCount } from './items.ts';
import { pinned } from './pin.ts';
import type { Probe } from './probe.ts';
import { removeAll } from './remove.ts';
import { type Found, Search } from './search.ts';
import { areAlike, type PinStyle, pinStyles } from './styles.ts';
import { roundTimes } from './times.ts';
import { simplifyValues } from './values.ts';

export interface ShrinkOptions {
  /** Asked before every run: true ends the search with what it has. */
  readonly isOver: () => boolean;
  /** Called after every step that found a smaller plan, and now and then. */
  readonly onProgress: (progress: ShrinkProgress) => void;
}

export interface ShrinkProgress {
  readonly runs: number;
  /** The smallest failing plan so far, and the server events of its run. */
  readonly plan: Plan;
  readonly events: number;
}

export interface Shrunk {
  readonly plan: Plan;
  /** A fingerprint, or the kind of another failure: that of the plan it began with. */
  readonly failure: string;
  /** What happened: one sentence. */
  readonly detail: string | null;
  /** Server events of the failing run, before and after. */
  readonly eventsBefore: number;
  readonly events: number;
  /** Faults, decisions, timers, clocks, images, commands, wishes and spares, before and after. */
  readonly itemsBefore: number;
  readonly items: number;
  readonly runs: number;
  /** The search came to its end: nothing that is left can go by itself. */
  readonly isMinimal: boolean;
  /** Other failures that turned up on the way, each with a plan that fails so. */
  readonly others: readonly { readonly failure: string; readonly plan: Plan }[];
}

/** One more item weighs as much as so many events. */
const EVENTS_PER_ITEM = 3;
/** Ways to say a run that are shrunk to the end; the best result counts. */
const STYLES_TRIED = 2;

/** Every message is held against every decision. */
const DECISIONS_MAX = 4_000;

/** null when the plan does not fail. Throws what the probe throws. */
export async function shrink(
  plan: Plan,
  probe: Probe,
  { isOver, onProgress }: ShrinkOptions,
): Promise<Shrunk | null> {
  const trial = await probe(plan, true);
  if (trial.failure === null) return null;
  const start: Found = { plan, trial };
  let best = start;
  const search: Search = new Search(start, trial.failure, probe, {
    isOver,
    onChange: () => {
      if (isSimpler(search.found, best)) best = search.found;
      onProgress({ runs: search.runs, plan: best.plan, events: best.trial.events });
    },
  });
  await searchAll(search, start);
  search.restore(best);
  await removeAll(search);
  const { found } = search;
  return {
    plan: { ...found.plan, versions: VERSIONS },
    failure: trial.failure,
    detail: found.trial.detail,
    eventsBefore: trial.events,
    events: found.trial.events,
    itemsBefore: itemCount(plan),
    items: itemCount(found.plan),
    runs: search.runs,
    isMinimal: !isOver(),
    others: [...search.others].map(([failure, other]) => ({ failure, plan: other })),
  };
}

/** Each way to say the run is a beginning; what comes of it is said again, more plainly. */
async function searchAll(search: Search, start: Found): Promise<void> {
  const tried: PinStyle[] = [];
  while (tried.length < STYLES_TRIED && !search.isOver) {
    search.restore(start);
    const style = await pin(search, tried);
    if (style === null) break;
    tried.push(style);
    await reduce(search);
    if ((await pin(search, [])) !== null) await reduce(search);
  }
  if (tried.length > 0) return;
  search.restore(start);
  await reduce(search);
}

/** Says the run in the plainest words that keep the failure; null when there are none. */
async function pin(search: Search, tried: readonly PinStyle[]): Promise<PinStyle | null> {
  const { plan, trial } = search.found;
  const observed = await search.observe();
  if (observed === null) return null;
  for (const style of pinStyles(plan, observed.healedUs !== null)) {
    if (tried.some((other) => areAlike(other, style))) continue;
    const said = pinned(plan, observed, trial.virtualUs, style);
    // Of a very long run not everything can be said.
    if (said.decisions.length > DECISIONS_MAX) continue;
    if (await search.accept(said, () => planSchema.safeParse(said).success)) return style;
  }
  return null;
}

/** Until a round brings nothing more. */
async function reduce(search: Search): Promise<void> {
  for (;;) {
    const before = search.found;
    await removeAll(search);
    await simplifyValues(search);
    await roundTimes(search);
    if (isSimpler(search.found, before) && !search.isOver) continue;
    if (isSimpler(before, search.found)) search.restore(before);
    return;
  }
}

function isSimpler(a: Found, b: Found): boolean {
  const difference = weight(a) - weight(b);
  return difference < 0 || (difference === 0 && wordiness(a.plan) < wordiness(b.plan));
}

function weight({ plan, trial }: Found): number {
  return trial.events + EVENTS_PER_ITEM * itemCount(plan);
}

/** Round numbers and defaults are short. */
function wordiness(plan: Plan): number {
  return JSON.stringify(plan).replace(/0+\b/g, '').length;
}
