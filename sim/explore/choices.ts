/** What a changed plan is made of. */
import type { Plan } from '../kernel/plan.ts';
import type { Luck } from './luck.ts';

export interface Choices {
  /** Virtual time at which the plan's run reached its rarest state. */
  readonly frontierUs: number;
  /** Another plan that was kept. */
  readonly mate: Plan;
  /** A fresh plan with as many servers. */
  readonly donor: Plan;
  readonly luck: Luck;
}

/** Makes a new plan, or returns the same one when there is nothing to change. */
export type Change = (plan: Plan, choices: Choices) => Plan;
