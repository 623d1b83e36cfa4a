/** A failing run of a program as the smallest one that fails in the same way, with its story. */
import { type GradedImplementation, planOfRun } from '../sim/grading/graded-run.ts';
import type { GradedTest } from '../sim/grading/suite.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import type { RunResult } from '../sim/run.ts';
import { tryPlan } from '../sim/shrink/probe.ts';
import { shrink } from '../sim/shrink/shrink.ts';
import { tellProgramStory } from '../sim/story/programs/program-story.ts';
import { traceRun } from '../sim/trace/record-run.ts';
import type { ShrunkCase } from './grade-task.ts';

/** What did not come about has no story. */
function hasFailed({ verdict }: RunResult): boolean {
  return verdict !== 'pass' && verdict !== 'excused';
}

const JUDGE_ALL: ReadonlySet<string> = new Set();

/** Shrinks for so long at most; with no time, or nothing to shrink, the plan is that of the run. */
export async function shrunkCase(
  test: GradedTest,
  task: { readonly seed: string; readonly isHidden: boolean; readonly budgetMs: number },
  implementation: GradedImplementation,
): Promise<ShrunkCase> {
  const { seed, isHidden, budgetMs } = task;
  const plan = planOfRun(test, seed, implementation, isHidden);
  const endMs = performance.now() + budgetMs;
  const probe = async (candidate: Plan, isObserved: boolean) =>
    tryPlan(candidate, implementation, JUDGE_ALL, isObserved);
  const isOver = (): boolean => performance.now() > endMs;
  const shrunk = budgetMs === 0 ? null : await shrink(plan, probe, { isOver, onProgress() {} });
  const smallest = shrunk?.plan ?? plan;
  const options = { disabled: JUDGE_ALL, stopAtFirst: true };
  const { trace, result } = traceRun({ plan: smallest, implementation, hash: null, options });
  return {
    plan: smallest,
    eventsBefore: shrunk?.eventsBefore ?? result.events,
    events: result.events,
    isShrunk: shrunk !== null,
    story: hasFailed(result) ? tellProgramStory(trace) : null,
  };
}
