/** Changes of a plan's faults: what a search tries around a state that it has seldom seen. */
import type { Fault, FaultAction, FaultTrigger, Plan } from '../kernel/plan.ts';
import type { Choices } from './choices.ts';
import type { Luck } from './luck.ts';

/** More than this make no run more interesting, only longer. */
const FAULTS_MAX = 24;

/** Some faults of this plan, and some of another one with as many servers. */
export function spliceFaults(plan: Plan, { mate, donor, luck }: Choices): Plan {
  const other = mate.cluster.size === plan.cluster.size && luck.percent(70) ? mate : donor;
  const own = plan.faults.filter(() => luck.percent(60));
  const theirs = other.faults.filter(() => luck.percent(60));
  return withFaults(plan, [...own, ...theirs]);
}

/** One more fault, close to the time at which the rare state was reached. */
export function insertTimedFault(plan: Plan, { frontierUs, donor, luck }: Choices): Plan {
  if (donor.faults.length === 0) return plan;
  const timeoutUs = timeoutUsOf(plan);
  const reachUs = timeoutUs * luck.one([1, 1, 2, 4]);
  const when = { atUs: frontierUs + luck.between(-timeoutUs, reachUs) };
  const what = named(luck.one(donor.faults).what, plan, luck);
  return withFaults(plan, [...plan.faults, { when, what }]);
}

/** One more fault, as it was drawn for another plan. */
export function insertFault(plan: Plan, { donor, luck }: Choices): Plan {
  if (donor.faults.length === 0) return plan;
  return withFaults(plan, [...plan.faults, luck.one(donor.faults)]);
}

export function removeFault(plan: Plan, { luck }: Choices): Plan {
  return changeOne(plan, luck, () => []);
}

/** Earlier or later: by up to an election timeout, or at another fact of the same kind. */
export function shiftFault(plan: Plan, { luck }: Choices): Plan {
  const reachUs = timeoutUsOf(plan);
  return changeOne(plan, luck, ({ when, what }) => {
    if (!('atUs' in when)) return [{ when: changedTrigger(when, luck), what }];
    return [{ when: { atUs: when.atUs + luck.between(-reachUs, reachUs) }, what }];
  });
}

/** Once more, a little later. */
export function repeatFault(plan: Plan, { luck }: Choices): Plan {
  return changeOne(plan, luck, (fault) => {
    const { when, what } = fault;
    if (!('atUs' in when)) {
      return [fault, { when: { ...when, nth: when.nth + luck.between(1, 3) }, what }];
    }
    return [fault, { when: { atUs: when.atUs + luck.between(1, timeoutUsOf(plan)) }, what }];
  });
}

/** The same moment, another fault. */
export function replaceAction(plan: Plan, { donor, luck }: Choices): Plan {
  if (donor.faults.length === 0) return plan;
  const { what } = luck.one(donor.faults);
  return changeOne(plan, luck, ({ when }) => [
    { when, what: 'atUs' in when ? named(what, plan, luck) : what },
  ]);
}

/** The same fault, shorter or longer. */
export function scaleAction(plan: Plan, { luck }: Choices): Plan {
  const percent = luck.one([25, 50, 200, 400]);
  return changeOne(plan, luck, ({ when, what }) => [{ when, what: scaled(what, percent) }]);
}

function changeOne(plan: Plan, luck: Luck, change: (fault: Fault) => readonly Fault[]): Plan {
  const { faults } = plan;
  if (faults.length === 0) return plan;
  const place = luck.below(faults.length);
  const changed = change(faults[place]!);
  return withFaults(plan, [...faults.slice(0, place), ...changed, ...faults.slice(place + 1)]);
}

function changedTrigger(when: FaultTrigger, luck: Luck): FaultTrigger {
  const { nth, count } = when;
  if (luck.percent(30)) return { ...when, count: Math.max(0, count + luck.one([-1, 1])) };
  return { ...when, nth: Math.max(1, luck.one([nth + 1, nth - 1, nth * 2, nth >> 1, 1])) };
}

function scaled(what: FaultAction, percent: number): FaultAction {
  const scale = (us: number): number => Math.max(1, Math.floor((us * percent) / 100));
  if ('restartUs' in what && what.restartUs !== null) {
    return { ...what, restartUs: scale(what.restartUs) };
  }
  if ('forUs' in what && what.forUs !== null) return { ...what, forUs: scale(what.forUs) };
  return what;
}

/** A fault at a time has no fact that names its server. */
function named(what: FaultAction, { cluster }: Plan, luck: Luck): FaultAction {
  const node = luck.between(1, cluster.size + cluster.spares);
  return 'node' in what && what.node === 0 ? { ...what, node } : what;
}

function timeoutUsOf({ cluster }: Plan): number {
  return cluster.config.electionMsMax * 1000;
}

/** The newest ones, when there are too many; timed ones no later than the chaos phase lasts. */
function withFaults(plan: Plan, faults: readonly Fault[]): Plan {
  const { chaosUs } = plan.phases;
  const timely = faults.slice(-FAULTS_MAX).map((fault): Fault => {
    const { when, what } = fault;
    return 'atUs' in when
      ? { when: { atUs: Math.min(chaosUs, Math.max(0, when.atUs)) }, what }
      : fault;
  });
  return { ...plan, faults: timely };
}
