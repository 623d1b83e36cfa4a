/**
 * One run: a function of (plan, implementation). Everything around it — campaigns, replay, traces,
 * shrinking — is made of calls to this one.
 */
import type { CreateServer } from '../core/contract.ts';
import type { Arbiter } from '../invariants/arbiter.ts';
import { AssertionError } from '../invariants/assert.ts';
import { CausalJudge } from '../invariants/causal/causal-judge.ts';
import type { Facts } from '../invariants/facts.ts';
import { Judge } from '../invariants/judge.ts';
import type { Ledgers } from '../invariants/ledgers/ledgers.ts';
import type { Violation } from '../invariants/violation.ts';
import { inTrueTime } from './kernel/clock.ts';
import type { Hosted } from './kernel/cluster.ts';
import { copyDeep, keepShared } from './kernel/copy.ts';
import { Observation } from './kernel/observation.ts';
import type { Plan } from './kernel/plan.ts';
import type { HostedStateMachine } from './kernel/state-machine.ts';
import { World } from './kernel/world.ts';
import type { Capabilities } from './protocol/capabilities.ts';
import { type FailureKind, ProgramFailure } from './protocol/program.ts';
import { thrownStack, thrownWords } from './thrown.ts';

/** A Raft that can be put on the bench. */
export interface Implementation {
  /** `reference`, `mutant:ID` or the hash of a foreign one: part of every replay line. */
  readonly id: string;
  readonly createServer: CreateServer;
  readonly createStateMachine: (sessionExpiryMs: number) => HostedStateMachine;
  /** Ours never change a body or an entry once made; of others everything is copied. */
  readonly isTrusted: boolean;
  /** Where its servers are programs, with bodies and writes that only they can read. */
  readonly program?: ProgramSide;
}

/** What a run needs of somebody's programs besides the servers that they are. */
export interface ProgramSide {
  readonly capabilities: Capabilities;
  /** Its servers think while others are served. */
  readonly looksAhead: boolean;
  /** Nobody has heard of anything. Throws a UsageError for a plan that is not for programs. */
  beginRun(plan: Plan): void;
  /** All lives are over. */
  endRun(): void;
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
 * - exception: the implementation threw, or broke the contract; a program failed by itself.
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
  /** How a program failed by itself; the exception says where. */
  readonly failure: RunFailure | null;
  /** Server events. */
  readonly events: number;
  /** 16 hexadecimal digits: equal for equal runs. */
  readonly digest: string;
  readonly virtualUs: number;
  readonly situations: Readonly<Record<string, number>>;
  readonly statistics: Readonly<Record<string, number>>;
}

export interface RunFailure {
  readonly kind: FailureKind;
  /** One sentence for its author. */
  readonly message: string;
  /** The server, and the number of the event in the run. */
  readonly node: number;
  readonly event: number;
  /** Its last lines of log, newest last. */
  readonly log: readonly string[];
}

/** An implementation that does not even make a server: nobody was put to the test. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Runs the plan to its end. Throws StartError, UsageError, and errors of the bench itself, only. */
export function run(plan: Plan, implementation: Implementation, options: RunOptions): RunResult {
  const { program } = implementation;
  if (program === undefined) {
    const judge = newJudge(plan, options);
    const watcher = options.watch?.(judge.ledgers) ?? null;
    return runJudged(plan, implementation, judge, options.recorder ?? watcher);
  }
  program.beginRun(plan);
  try {
    const judge = newCausalJudge(plan, program.capabilities, options);
    return runJudged(plan, implementation, judge, options.recorder);
  } finally {
    program.endRun();
  }
}

function runJudged(
  plan: Plan,
  implementation: Implementation,
  judge: Arbiter,
  recorder: Facts | null,
): RunResult {
  const observation = new Observation(judge, recorder);
  const world = new World(plan, hostedOf(implementation, plan), observation, judge);
  let thrown: Thrown | null = null;
  try {
    world.run();
  } catch (error) {
    thrown = blame(error, implementation, world.runningNode, observation.steps);
  }
  return {
    verdict: verdictOf(judge, thrown !== null, world.isStorm),
    violations: judge.violations,
    reason: thrown?.reason ?? judge.excuse,
    exception: thrown?.exception ?? null,
    failure: thrown?.failure ?? null,
    events: observation.steps,
    digest: observation.digest.toString(),
    virtualUs: world.queue.nowUs,
    situations: judge.situations,
    statistics: judge.statistics,
  };
}

function hostedOf(
  { createServer, createStateMachine, isTrusted, program }: Implementation,
  plan: Plan,
): Hosted {
  if (program !== undefined) {
    const { capabilities } = program;
    const opaque = {
      looksAhead: program.looksAhead,
      isImmediate: capabilities.durability === 'immediate',
      hasReads: capabilities.reads !== 'none',
      wakeUpsMax: wakeUpsMax(plan, capabilities),
    };
    // Its host hands out copies.
    return { createServer, createStateMachine, copy: keepShared, opaque };
  }
  return {
    createServer,
    createStateMachine,
    copy: isTrusted ? keepShared : copyDeep,
    opaque: null,
  };
}

/** Who polls is woken often, which harms nobody. */
const WAKE_UPS_OF_POLLERS = 10;

/** So many timers of programs may run out in a run of this plan. */
export function wakeUpsMax({ eventsMax }: Plan, { pollMs }: Capabilities): number {
  return pollMs > 0 ? WAKE_UPS_OF_POLLERS * eventsMax : eventsMax;
}

interface Thrown {
  readonly reason: string;
  readonly exception: NonNullable<RunResult['exception']>;
  readonly failure: RunFailure | null;
}

/** What the implementation has thrown; what the bench has thrown is thrown on. */
function blame(error: unknown, { program }: Implementation, node: number, event: number): Thrown {
  // What judges a step may fail in the middle of it: never the fault of the server.
  if (node === 0 || error instanceof AssertionError) throw error;
  if (program !== undefined) {
    if (!(error instanceof ProgramFailure)) throw error;
    const { kind, message, log } = error;
    const reason = `${kind}: ${message}`;
    const failure = { kind, message, node, event, log };
    return { reason, exception: { node, event, stack: reason }, failure };
  }
  if (event === 0) throw new StartError(thrownWords(error), { cause: error });
  const reason = thrownWords(error);
  return { reason, exception: { node, event, stack: thrownStack(error) ?? reason }, failure: null };
}

/** The judge of programs that run by this plan; a trace is judged by an equal one. */
export function newCausalJudge(
  plan: Plan,
  capabilities: Capabilities,
  options: Pick<RunOptions, 'disabled' | 'stopAtFirst'>,
): CausalJudge {
  const { size, spares } = plan.cluster;
  return new CausalJudge({
    size: size + spares,
    members: size,
    // A program has the timeouts that it declares, whatever the plan was made for.
    electionMsMax: Math.max(inTrueTime(plan).electionMsMax, capabilities.electionMs[1]),
    durability: capabilities.durability,
    claims: capabilities.claims,
    disabled: options.disabled,
    stopAtFirst: options.stopAtFirst,
  });
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
export function verdictOf(
  judge: Pick<Arbiter, 'violations' | 'excuse'>,
  hasThrown: boolean,
  isStorm: boolean,
): RunVerdict {
  if (judge.violations.length > 0) return 'violation';
  if (hasThrown) return 'exception';
  if (isStorm) return 'storm';
  return judge.excuse === null ? 'pass' : 'excused';
}
