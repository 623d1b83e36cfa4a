/** One run of one graded test: from its seed to what it is worth. */
import type { Plan } from '../kernel/plan.ts';
import type { Capabilities } from '../protocol/capabilities.ts';
import { type Implementation, type RunResult, run } from '../run.ts';
import { gradeRun, type RunGrade, type RunOutcome } from './run-grade.ts';
import { RunMeter } from './run-meter.ts';
import { drawnSeed } from './seeds.ts';
import type { GradedTest } from './suite.ts';

/** Who has not answered after so long will not. */
const PATIENCE_ELECTION_TIMEOUTS = 20;

/** A Raft that is a program: what it declares is what it is held against. */
export type GradedImplementation = Implementation & {
  readonly program: NonNullable<Implementation['program']>;
};

/** Runs and grades run `i` of the test. Throws what `run` throws. */
export function gradedRun(
  test: GradedTest,
  seed: string,
  i: number,
  implementation: GradedImplementation,
  isHidden = false,
): RunGrade {
  const plan = planOfRun(test, seed, implementation, isHidden);
  const { capabilities } = implementation.program;
  return gradeRun(test, capabilities, plan, i, outcomeOf(test, plan, implementation));
}

/** The plan of a hidden run does not hold its seed. */
export function planOfRun(
  test: GradedTest,
  seed: string,
  { program }: GradedImplementation,
  isHidden: boolean,
): Plan {
  const plan = test.plan(seed, program.capabilities);
  return isHidden ? { ...plan, seed: drawnSeed(seed) } : plan;
}

export function outcomeOf(
  test: GradedTest,
  plan: Plan,
  implementation: GradedImplementation,
): RunOutcome {
  const { capabilities } = implementation.program;
  const meter = new RunMeter(capabilities.electionMs, test.budget !== null);
  const result = run(plan, implementation, {
    recorder: meter,
    disabled: new Set(),
    stopAtFirst: true,
  });
  return {
    ...partOf(result),
    ...timersOf(meter, capabilities),
    wakeUps: meter.wakeUps,
    cost: costOf(meter, plan, result),
  };
}

function partOf(
  result: RunResult,
): Omit<RunOutcome, 'cost' | 'otherTimers' | 'isSilent' | 'isMute' | 'wakeUps'> {
  const { verdict, violations, failure, reason, situations, events, digest } = result;
  return {
    verdict: verdict === 'exception' ? 'failure' : verdict,
    violations,
    failure,
    reason,
    situations,
    events,
    digest,
  };
}

/** In an untouched cluster somebody stands by then, in longest election timeouts and quanta. */
const SILENCE_MAX = 2;

/**
 * All times of a test are multiples of the declared election timeouts: who declares others than it
 * has buys time in which nothing can happen. Programs that poll sleep for other lengths: of them it
 * is asked how long all of them are silent before the first one acts.
 */
function timersOf(
  meter: RunMeter,
  { pollMs, electionMs }: Capabilities,
): Pick<RunOutcome, 'otherTimers' | 'isSilent' | 'isMute'> {
  const { timers, messages, electionTimers, longestMs, firstActUs, isDisturbed } = meter;
  const isSilent = timers + messages === 0;
  const isMute = meter.wakeUps > 0 && messages === 0 && firstActUs < 0;
  if (pollMs === 0) {
    const isOther = timers > 0 && electionTimers === 0;
    return {
      isSilent,
      isMute,
      otherTimers: isOther ? { longestMs, electionMs, silentMs: null } : null,
    };
  }
  const silentMs = Math.floor(firstActUs / 1_000);
  const isLate = silentMs > SILENCE_MAX * (electionMs[1] + pollMs) && !isDisturbed;
  return { isSilent, isMute, otherTimers: isLate ? { longestMs, electionMs, silentMs } : null };
}

function costOf(meter: RunMeter, { cluster }: Plan, { virtualUs }: RunResult): RunOutcome['cost'] {
  const { size, config } = cluster;
  const { messages, characters, reigns, candidacies, termsInVain } = meter;
  const patienceUs = PATIENCE_ELECTION_TIMEOUTS * config.electionMsMin * 1_000;
  return {
    messages,
    bytes: characters,
    virtualUs,
    size,
    heartbeatMs: config.heartbeatMs,
    reigns,
    candidacies,
    termsInVain,
    unanswered: meter.unansweredBefore(virtualUs - patienceUs),
  };
}
