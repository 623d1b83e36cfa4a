/** Runs of the zoo, in a worker. */
import {
  addRun,
  NO_RUNS,
  type RandomRuns,
  type RunOutcome,
  runForZoo,
  watchForZoo,
} from '../scenarios/mutants/zoo-run.ts';
import type { Heartbeat } from '../sim/campaign/heartbeat.ts';
import { generatePlan } from '../sim/generate/generate-plan.ts';
import { type Implementation, StartError } from '../sim/run.ts';
import { nextSeed } from '../sim/seed.ts';
import type { ZooReply, ZooSeedsTask, ZooTask } from './worker-task.ts';

export function runZooTask(
  task: ZooTask,
  implementation: Implementation,
  heartbeat: Heartbeat,
): ZooReply {
  if (task.kind === 'zooSeeds') {
    return { kind: 'zooSeeds', runs: runSeeds(task, implementation, heartbeat) };
  }
  const outcomes = task.plans.map((plan, i) => {
    heartbeat.begin(i);
    return outcomeOf(() => watchForZoo(plan, implementation));
  });
  return { kind: 'zooPlans', outcomes };
}

function runSeeds(
  { from, count, stopAtFirstKill }: ZooSeedsTask,
  implementation: Implementation,
  heartbeat: Heartbeat,
): RandomRuns {
  let runs = NO_RUNS;
  for (let i = 0; i < count; i += 1) {
    heartbeat.begin(i);
    const seed = nextSeed(from, i);
    runs = addRun(
      runs,
      seed,
      outcomeOf(() => runForZoo(generatePlan(seed), implementation)),
    );
    if (stopAtFirstKill && runs.kill !== null) break;
  }
  return runs;
}

/** A mutant that makes no server is caught by that, and by no property. */
function outcomeOf(runOne: () => RunOutcome): RunOutcome {
  try {
    return runOne();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return { verdict: 'exception', hits: [], events: 0, reason: error.message, wrong: null };
  }
}
