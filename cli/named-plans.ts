/** Plans with a name: scenarios, and the directed schedules of the mutants. */
import { DIRECTED } from '../scenarios/directed/registry.ts';
import { findScenario, SCENARIOS } from '../scenarios/registry.ts';
import type { Plan } from '../sim/kernel/plan.ts';

export interface NamedPlan {
  readonly id: string;
  readonly plan: Plan;
  /** What it shows. */
  readonly claim: string;
  /** Has a criterion of its own, beside the properties. */
  readonly isScenario: boolean;
}

export const PLAN_NAMES: readonly string[] = [...SCENARIOS, ...DIRECTED].map(({ id }) => id);

export function namedPlan(id: string): NamedPlan | null {
  const scenario = findScenario(id);
  if (scenario !== null)
    return { id, plan: scenario.plan, claim: scenario.claim, isScenario: true };
  const directed = DIRECTED.find((candidate) => candidate.id === id);
  if (directed === undefined) return null;
  return { id, plan: directed.plan, claim: directed.story, isScenario: false };
}
