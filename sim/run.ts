/**
 * One run: a function of (plan, implementation). Everything around it — campaigns, replay, traces,
 * shrinking — is made of calls to this one.
 */
import type { CreateServer } from '../core/contract.ts';
import { AssertionError } from '../invariants/assert.ts';
import type { Facts } from '../invariants/facts.ts';
import { Judge } from '../invariants/judge.ts';
import type { Ledgers } from '../invariants/ledgers/ledgers.ts';
import type { Violation } from '../invariants/violation.ts';
import { inTrueTime } from './kernel/clock.ts';
import { copyDeep, keepShared } from './kernel/copy.ts';
import { Observation } from './kernel/observation.ts';
import type { Plan } from './kernel/plan.ts';
import type { HostedStateMachine } from './kernel/state-machine.ts';
import { World } from './kernel/world.ts';
import { thrownStack, thrownWords } from './thrown.ts';

/** A Raft that can be put on the bench. */
export interface Implementation {
  /** `reference`, `mutant:ID` or the hash of a foreign one: part of every replay line. */
  readonly id: string;
  readonly createServer: CreateServer;
  readonly createStateMachine: (sessionExpiryMs: number) => HostedStateMachine;
  /** Ours never change a body or an entry once made; of others everything is copied. */
  readonly isTrusted: boolean;
}

export interface RunOptions {
  /** Gets every fact, for a trace. */
  readonly recorder: Facts | null;
  /** Without a recorder: gets every fact after the judge has, and may read what the judge knows. */
  readonly watch?: (ledgers: Ledgers) => Facts;
  /** Properties that are not judged. */
  readonly disabled: ReadonlySet<string>;
  /** Stop at the first violation, or note the first hit of each property. */
  readonly stopAtFirst: boolean;
}

export const DEFAULT_RUN_OPTIONS: RunOptions = {
  recorder: null,
  disabled: new Set(),
  stopAtFirst: true,
};

/**
 * - pass: everything held. violation: a property broke. excused: stuck, but rightly so.
 * - storm: more events than the plan allows.
 * - exception: the implementation threw, or broke the contract.
 */
export type RunVerdict = 'pass' | 'violation' | 'excused' | 'storm' | 'exception';

export interface RunResult {
  readonly verdict: RunVerdict;
  readonly violations: readonly Violation[];
  /** Why a stuck run is excused; what was waited for; what was thrown: one sentence, else null. */
  readonly reason: string | null;
  /** Node, event and stack of an exception. */
  readonly exception: {
    readonly node: number;
    readonly event: number;
    readonly stack: string;
  } | null;
  /** Server events. */
  readonly events: number;
  /** 16 hexadecimal digits: equal for equal runs. */
  readonly digest: string;
  readonly virtualUs: number;
  readonly situations: Readonly<Record<string, number>>;
  readonly statistics: Readonly<Record<string, number>>;
}

/** An implementation that does not even make a server: nobody was put to the test. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Runs the plan to its end. Throws StartError, and errors of the bench itself, only. */
export function run(plan: Plan, implementation: Implementation, options: RunOptions): RunResult {
  const judge = newJudge(plan, options);
  const watcher = options.watch?.(judge.ledgers) ?? null;
  const observation = new Observation(judge, options.recorder ?? watcher);
  const copy = implementation.isTrusted ? keepShared : copyDeep;
  const { createServer, createStateMachine } = implementation;
  const hosted = { createServer, createStateMachine, copy, opaque: null };
  const world = new World(plan, hosted, observation, judge);
  let exception: RunResult['exception'] = null;
  let reason: string | null = null;
  try {
    world.run();
  } catch (error) {
    // What judges a step may fail in the middle of it: never the fault of the server.
    if (world.runningNode === 0 || error instanceof AssertionError) throw error;
    if (observation.steps === 0) throw new StartError(thrownWords(error), { cause: error });
    reason = thrownWords(error);
    const stack = thrownStack(error) ?? reason;
    exception = { node: world.runningNode, event: observation.steps, stack };
  }
  const verdict = verdictOf(judge, exception !== null, world.isStorm);
  return {
    verdict,
    violations: judge.violations,
    reason: reason ?? judge.excuse,
    exception,
    events: observation.steps,
    digest: observation.digest.toString(),
    virtualUs: world.queue.nowUs,
    situations: judge.situations,
    statistics: judge.statistics,
  };
}

/** The judge of a run of this plan; a trace is judged by an equal one. */
export function newJudge(plan: Plan, options: Pick<RunOptions, 'disabled' | 'stopAtFirst'>): Judge {
  const { size, spares, sessionExpiryMs, config } = plan.cluster;
  const { electionMsMax, heartbeatMs } = inTrueTime(plan);
  return new Judge({
    size: size + spares,
    members: size,
    electionMsMax,
    heartbeatMs,
    sessionExpiryMs,
    preVote: config.preVote,
    checkQuorum: config.checkQuorum,
    disabled: options.disabled,
    stopAtFirst: options.stopAtFirst,
  });
}

/** A broken property weighs more than the way the run ended. */
export function verdictOf(judge: Judge, hasThrown: boolean, isStorm: boolean): RunVerdict {
  if (judge.violations.length > 0) return 'violation';
  if (hasThrown) return 'exception';
  if (isStorm) return 'storm';
  return judge.excuse === null ? 'pass' : 'excused';
}
