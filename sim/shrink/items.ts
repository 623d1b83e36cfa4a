/** Everything in a plan that can be taken away by itself. */
import type { Fault, Plan } from '../kernel/plan.ts';

/** A fault or a scripted request, by its place in its list. */
export interface Happening {
  readonly list: 'faults' | 'script';
  readonly place: number;
}

/** In the order of their times, faults on facts first. */
export function happenings(plan: Plan): Happening[] {
  const timed: { atUs: number; item: Happening }[] = [];
  plan.faults.forEach(({ when }, place) => {
    timed.push({ atUs: 'atUs' in when ? when.atUs : -1, item: { list: 'faults', place } });
  });
  plan.workload.script.forEach(({ atUs }, place) => {
    timed.push({ atUs, item: { list: 'script', place } });
  });
  timed.sort((a, b) => a.atUs - b.atUs);
  return timed.map(({ item }) => item);
}

/** The plan with these happenings only. */
export function withHappenings(plan: Plan, kept: readonly Happening[]): Plan {
  const placesOf = (list: Happening['list']): ReadonlySet<number> =>
    new Set(kept.filter((item) => item.list === list).map(({ place }) => place));
  const faults = placesOf('faults');
  const script = placesOf('script');
  return withScript(
    { ...plan, faults: plan.faults.filter((_, place) => faults.has(place)) },
    plan.workload.script.filter((_, place) => script.has(place)),
  );
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
  const { faults, decisions, timers, images, workload } = plan;
  const entries = images.reduce((sum, { log }) => sum + log.length, 0);
  const ops = workload.script.reduce((sum, request) => sum + request.ops.length, 0);
  return faults.length + decisions.length + timers.length + images.length + entries + ops;
}
