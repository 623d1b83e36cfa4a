/** Changes of what operators ask for, and of clocks: where a plan, or a fresh one, has any. */
import type { OperatorPlan, Plan } from '../kernel/plan.ts';
import type { Choices } from './choices.ts';
import type { Luck } from './luck.ts';

type Wish = OperatorPlan['requests'][number];

/** More than this of one operator make no run more interesting, only longer. */
const WISHES_MAX = 8;

/** One more wish of some operator, as another plan has it, close to where the rare state was. */
export function insertWish(plan: Plan, { mate, donor, frontierUs, luck }: Choices): Plan {
  const wishes = [...wishesOf(mate), ...wishesOf(donor), ...wishesOf(plan)];
  if (wishes.length === 0) return plan;
  const timeoutUs = plan.cluster.config.electionMsMax * 1000;
  const atUs = frontierUs + luck.between(-2 * timeoutUs, 2 * timeoutUs);
  const wish = { ...luck.one(wishes), atUs: withinChaos(plan, atUs) };
  if (plan.operators.length === 0) {
    return { ...plan, operators: [{ requests: [wish], timeoutUs: 10 * timeoutUs }] };
  }
  return changeOne(plan, luck, (requests) => [...requests, wish].slice(-WISHES_MAX));
}

export function removeWish(plan: Plan, { luck }: Choices): Plan {
  if (plan.operators.length === 0) return plan;
  return changeOne(plan, luck, (requests) => {
    const gone = luck.below(requests.length);
    return requests.filter((_, place) => place !== gone);
  });
}

/** Earlier or later, by up to two election timeouts. */
export function shiftWish(plan: Plan, { luck }: Choices): Plan {
  if (plan.operators.length === 0) return plan;
  const reachUs = 2000 * plan.cluster.config.electionMsMax;
  return changeOne(plan, luck, (requests) => {
    const moved = luck.below(requests.length);
    const byUs = luck.between(-reachUs, reachUs);
    return requests.map((wish, place) =>
      place === moved ? { ...wish, atUs: withinChaos(plan, wish.atUs + byUs) } : wish,
    );
  });
}

/** The clocks of another plan, or true ones. */
export function changeClocks(plan: Plan, { mate, donor, luck }: Choices): Plan {
  const { clocks } = luck.one([mate, donor, donor]);
  return { ...plan, clocks };
}

function wishesOf({ operators }: Plan): Wish[] {
  return operators.flatMap(({ requests }) => requests);
}

/** Of one operator; by time, as plans have them. */
function changeOne(
  plan: Plan,
  luck: Luck,
  change: (requests: OperatorPlan['requests']) => readonly Wish[],
): Plan {
  const chosen = luck.below(plan.operators.length);
  const operators = plan.operators.map((operator, place) => {
    if (place !== chosen) return operator;
    const requests = [...change(operator.requests)].sort((a, b) => a.atUs - b.atUs);
    return { ...operator, requests };
  });
  return { ...plan, operators: operators.filter(({ requests }) => requests.length > 0) };
}

function withinChaos({ phases }: Plan, atUs: number): number {
  return Math.min(phases.chaosUs, Math.max(0, atUs));
}
