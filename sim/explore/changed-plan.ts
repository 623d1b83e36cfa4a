/**
 * A plan made from another one by one to three small changes. Plans are plain data, so any of them
 * can be changed; what breaks a rule of plans is not done. A run is the same up to the first thing
 * that differs, which is why new faults go where the rare state was reached.
 */
import { generatePlan } from '../generate/generate-plan.ts';
import type { ProfileName } from '../generate/profile-names.ts';
import type { Plan } from '../kernel/plan.ts';
import { firstPlanProblem } from '../plan-rules.ts';
import {
  insertFault,
  insertTimedFault,
  removeFault,
  repeatFault,
  replaceAction,
  scaleAction,
  shiftFault,
  spliceFaults,
} from './change-faults.ts';
import { changeClocks, insertWish, removeWish, shiftWish } from './change-operators.ts';
import {
  changeSurroundings,
  changeWeather,
  delayMessage,
  lengthen,
} from './change-surroundings.ts';
import type { Change, Choices } from './choices.ts';
import type { Luck } from './luck.ts';

/** All changes, each as often as its weight says. */
const CHANGES: readonly (readonly [weight: number, change: Change])[] = [
  [3, changeSurroundings],
  [2, changeWeather],
  [1, lengthen],
  [3, delayMessage],
  [3, spliceFaults],
  [5, insertTimedFault],
  [4, insertFault],
  [4, removeFault],
  [4, shiftFault],
  [4, repeatFault],
  [2, replaceAction],
  [2, scaleAction],
  [2, insertWish],
  [1, removeWish],
  [2, shiftWish],
  [1, changeClocks],
];
const WEIGHTS = CHANGES.reduce((sum, [weight]) => sum + weight, 0);
/** In so many of a hundred plans latencies, losses and timeouts are drawn anew. */
const RESEEDED_PERCENT = 45;

interface ChangeGiven extends Omit<Choices, 'donor'> {
  /** What the donor is drawn from; none: its own. */
  readonly profile?: ProfileName | undefined;
}

/** `name` names the random streams where they are drawn anew: no other plan may bear it. */
export function changedPlan(parent: Plan, name: string, given: ChangeGiven): Plan {
  const { luck, profile } = given;
  const options = { size: parent.cluster.size, profile };
  const donor = generatePlan(String(luck.below(2 ** 32)), options);
  const choices = { ...given, donor };
  let plan = parent;
  for (let left = luck.one([1, 1, 2, 3]); left > 0; left -= 1) {
    const changed = drawChange(luck)(plan, choices);
    if (firstPlanProblem(changed) === null) plan = changed;
  }
  const isReseeded = luck.percent(RESEEDED_PERCENT) || isSame(plan, parent);
  return isReseeded ? { ...plan, seed: name } : plan;
}

/** Changes may cancel out, or change what was as it is now. */
function isSame(plan: Plan, parent: Plan): boolean {
  return plan === parent || JSON.stringify(plan) === JSON.stringify(parent);
}

function drawChange(luck: Luck): Change {
  let place = luck.below(WEIGHTS);
  for (const [weight, change] of CHANGES) {
    place -= weight;
    if (place < 0) return change;
  }
  return changeSurroundings;
}
