/** Everything in a plan that can be taken away by itself. */
import type { Fault, Plan } from '../kernel/plan.ts';

/**
 * A fault, a scripted request, what an operator asks, or a jump of a clock, by its place in its list;
 * those of all operators, and of all clocks, are counted through.
 */
export interface Happening {
  readonly list: 'faults' | 'script' | 'operators' | 'jumps';
  readonly place: number;
}

/** In the order of their times, faults on facts first. */
export function happenings(plan: Plan): Happening[] {
  const timed: { atUs: number; item: Happening }[] = [];
  const add = (list: Happening['list'], times: readonly { readonly atUs: number }[]): void => {
    times.forEach(({ atUs }, place) => {
      timed.push({ atUs, item: { list, place } });
    });
  };
  add(
    'faults',
    plan.faults.map(({ when }) => ({ atUs: 'atUs' in when ? when.atUs : -1 })),
  );
  add('script', plan.workload.script);
  add(
    'operators',
    plan.operators.flatMap(({ requests }) => requests),
  );
  add(
    'jumps',
    plan.clocks.flatMap(({ jumps }) => jumps),
  );
  timed.sort((a, b) => a.atUs - b.atUs);
  return timed.map(({ item }) => item);
}

/** The plan with these happenings only; an operator who asks for nothing goes, too. */
export function withHappenings(plan: Plan, kept: readonly Happening[]): Plan {
  const placesOf = (list: Happening['list']): ReadonlySet<number> =>
    new Set(kept.filter((item) => item.list === list).map(({ place }) => place));
  const faults = placesOf('faults');
  const script = placesOf('script');
  const asked = counted(placesOf('operators'));
  const jumped = counted(placesOf('jumps'));
  const operators = plan.operators.map((operator) => ({
    ...operator,
    requests: operator.requests.filter(asked),
  }));
  return withScript(
    {
      ...plan,
      faults: plan.faults.filter((_, place) => faults.has(place)),
      operators: operators.filter(({ requests }) => requests.length > 0),
      clocks: plan.clocks.map((clock) => ({ ...clock, jumps: clock.jumps.filter(jumped) })),
    },
    plan.workload.script.filter((_, place) => script.has(place)),
  );
}

/** Counts through several lists: is the next item one of these? */
function counted(places: ReadonlySet<number>): () => boolean {
  let next = -1;
  return () => {
    next += 1;
    return places.has(next);
  };
}

export function withScript(plan: Plan, script: Plan['workload']['script']): Plan {
  return { ...plan, workload: { ...plan.workload, script } };
}

/** One command of a scripted request, by its places. */
export interface ScriptedOp {
  readonly request: number;
  readonly op: number;
}

export function scriptedOps(plan: Plan): ScriptedOp[] {
  return plan.workload.script.flatMap(({ ops }, request) => ops.map((_, op) => ({ request, op })));
}

/** The plan with these commands only; a request without commands goes, too. */
export function withOps(plan: Plan, kept: readonly ScriptedOp[]): Plan {
  const script = plan.workload.script.map((request, place) => {
    const places = new Set(kept.filter((item) => item.request === place).map(({ op }) => op));
    return { ...request, ops: request.ops.filter((_, op) => places.has(op)) };
  });
  return withScript(
    plan,
    script.filter(({ ops }) => ops.length > 0),
  );
}

/** One blocked link of a fault, by its places. */
export interface BlockedLink {
  readonly fault: number;
  readonly link: number;
}

export function blockedLinks(plan: Plan): BlockedLink[] {
  return plan.faults.flatMap(({ what }, fault) =>
    what.do === 'block' ? what.links.map((_, link) => ({ fault, link })) : [],
  );
}

/** The plan with these blocked links only; a fault that blocks none goes, too. */
export function withLinks(plan: Plan, kept: readonly BlockedLink[]): Plan {
  const faults = plan.faults.flatMap(({ when, what }, place): Fault[] => {
    if (what.do !== 'block') return [{ when, what }];
    const places = new Set(kept.filter(({ fault }) => fault === place).map(({ link }) => link));
    const links = what.links.filter((_, link) => places.has(link));
    return links.length === 0 ? [] : [{ when, what: { ...what, links } }];
  });
  return { ...plan, faults };
}

/** How many things a reader has to take in: a measure of plans that fail in runs of equal length. */
export function itemCount(plan: Plan): number {
  const { faults, decisions, timers, images, workload, operators, clocks, cluster } = plan;
  const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
  const entries = sum(images.map(({ log }) => log.length));
  const ops = sum(workload.script.map((request) => request.ops.length));
  const asked = sum(operators.map(({ requests }) => requests.length));
  const jumps = sum(clocks.map((clock) => clock.jumps.length));
  const ofWorld = faults.length + decisions.length + timers.length + clocks.length + jumps;
  return ofWorld + images.length + entries + ops + asked + cluster.spares;
}
