/** A directed schedule: the shortest story in which one mutant comes to grief and Raft does not. */
import type { Plan } from '../../sim/kernel/plan.ts';

export interface Directed {
  /** Kebab-case; names the schedule. */
  readonly id: string;
  /** Id of the mutant that a property finds in this plan. Several schedules may share a plan. */
  readonly mutant: string;
  /** What happens, and why the rule matters: one to three sentences, with the section. */
  readonly story: string;
  readonly plan: Plan;
}
