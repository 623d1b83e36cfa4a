/**
 * Servers that do what a test says, and the run of a plan with them. No Raft: what the world does
 * is seen in the events that the servers get and in the facts that a recorder gets.
 */
import type { Outbox, Server, ServerEvent } from '../../../core/contract.ts';
import type { Message, NodeId } from '../../../core/messages.ts';
import { KeyValueStore } from '../../../core/state-machine.ts';
import { PROPERTIES } from '../../../invariants/properties.ts';
import type { Fault, Plan } from '../../../sim/kernel/plan.ts';
import { type Implementation, type RunResult, run } from '../../../sim/run.ts';
import { FactRecords } from '../../../sim/trace/fact-records.ts';
import type {
  ActionRecord,
  StepEvent,
  StepHead,
  TraceRecord,
  WorldRecord,
} from '../../../sim/trace/format.ts';
import { VERSIONS } from '../../../sim/versions.ts';

/** What a server does with an event; `me` says which server it is, in which life. */
export type Script = (event: ServerEvent, out: Outbox, me: Life) => void;

export interface Life {
  readonly node: NodeId;
  readonly boot: number;
}

/** An event as a server saw it. */
export interface Seen extends Life {
  readonly event: ServerEvent;
}

class Probe implements Server {
  private life: Life = { node: 0, boot: -1 };
  private readonly script: Script;
  private readonly seen: Seen[];

  constructor(script: Script, seen: Seen[]) {
    this.script = script;
    this.seen = seen;
  }

  step(event: ServerEvent, out: Outbox): void {
    if (event.kind === 'start') this.life = { node: event.self, boot: event.boot };
    this.seen.push({ ...this.life, event });
    this.script(event, out, this.life);
  }
}

/** One fact after the other; actions carry the time and the server of their step. */
export type FlatFact =
  | (StepHead & StepEvent)
  | (ActionRecord & { readonly t: number; readonly n: NodeId })
  | WorldRecord;

class FlatFacts extends FactRecords {
  readonly facts: FlatFact[] = [];

  protected override take(record: TraceRecord): void {
    if (!('i' in record)) {
      this.facts.push(record);
      return;
    }
    const { actions, ends: _ends, ...event } = record;
    const { t, n } = record;
    this.facts.push(event);
    for (const action of actions) this.facts.push('t' in action ? action : { ...action, t, n });
  }
}

/** What a test looks at. */
export interface Watched {
  readonly seen: readonly Seen[];
  readonly facts: readonly FlatFact[];
  readonly result: RunResult;
}

const nothingJudged = new Set(PROPERTIES.map(({ id }) => id));

/** Runs the plan with servers that follow the script, and keep to the contract. */
export function watch(plan: Plan, script: Script, isTrusted = true): Watched {
  const watched = watchAny(plan, script, isTrusted);
  const { reason, exception } = watched.result;
  if (exception !== null) throw new Error(`${reason}\n${exception.stack}`);
  return watched;
}

/** The same, where servers may fail. */
export function watchAny(plan: Plan, script: Script, isTrusted = true): Watched {
  const seen: Seen[] = [];
  const createServer = () => new Probe(script, seen);
  return { seen, ...watchImplementation(plan, { ...probed, createServer, isTrusted }) };
}

/** Runs the plan with any servers; they are not judged. */
export function watchImplementation(
  plan: Plan,
  implementation: Implementation,
  disabled: ReadonlySet<string> = nothingJudged,
): Omit<Watched, 'seen'> {
  const recorder = new FlatFacts();
  const result = run(plan, implementation, {
    recorder,
    disabled,
    stopAtFirst: false,
  });
  recorder.closeOpenStep();
  return { facts: recorder.facts, result };
}

const probed: Omit<Implementation, 'createServer'> = {
  id: 'test:probe',
  createStateMachine: (expiryMs) => new KeyValueStore(expiryMs),
  isTrusted: true,
};

type Knobs = 'cluster' | 'network' | 'disk' | 'workload' | 'phases';
type Sections = Partial<Omit<Plan, Knobs>> & { readonly [K in Knobs]?: Partial<Plan[K]> };

/**
 * Three servers for a second: messages take 1 ms, writes 0.2 ms, and nothing goes wrong, no client
 * asks, and nothing is healed, unless said otherwise.
 */
export function planOf(sections: Sections = {}): Plan {
  const { cluster, network, disk, workload, phases, ...rest } = sections;
  const config = {
    electionMsMin: 150,
    electionMsMax: 300,
    heartbeatMs: 50,
    batchEntriesMax: 64,
    inflightMax: 16,
    backtracking: 'conflictTerm' as const,
    groupCommit: false,
    applyBatchMax: 1_000_000,
    persistCommitIndex: false,
    preVote: false,
    checkQuorum: false,
    reads: 'log' as const,
    clockDriftPpm: 0,
    membership: 'joint' as const,
    snapshotEntries: 0,
    trailingEntries: 0,
    snapshotChunkMax: 1_000_000,
    logTime: false,
  };
  const size = cluster?.size ?? 3;
  const calm = { tailPpm: 0, tailUsMax: 0, lossPpm: 0, duplicatePpm: 0, graveyardPpm: 0 };
  return {
    versions: VERSIONS,
    seed: 'kernel',
    cluster: {
      config,
      spares: 0,
      stateMachine: 'volatile',
      restartAfterHaltUs: null,
      sessionExpiryMs: 0,
      ...cluster,
      size,
    },
    network: { latencyUsMin: 1_000, latencyUsMax: 1_000, ...calm, ...network },
    disk: {
      latencyUsMin: 200,
      latencyUsMax: 200,
      noticeUsMax: 0,
      failPpm: 0,
      snapshotUsMin: 0,
      snapshotUsMax: 0,
      ...disk,
    },
    workload: {
      clients: 0,
      intervalUs: 20_000,
      keys: 2,
      readPpm: 0,
      casPpm: 0,
      ttlPpm: 0,
      rangePpm: 0,
      sessions: false,
      batchMax: 1,
      timeoutUs: 300_000,
      lossPpm: 0,
      followRedirects: true,
      script: [],
      ...workload,
    },
    phases: {
      chaosUs: 1_000_000,
      core: Array.from({ length: size }, (_, i) => i + 1),
      rest: 'dead',
      inFlight: 'drop',
      trafficOperations: 0,
      settle: false,
      ...phases,
    },
    faults: [],
    decisions: [],
    timers: [],
    operators: [],
    clocks: [],
    images: [],
    eventsMax: 100_000,
    ...rest,
  };
}

/** A fault at a time. */
export function at(atUs: number, what: Fault['what']): Fault {
  return { when: { atUs }, what };
}

/** A message that says nothing but its number. */
export function mark(term: number): Message {
  return { kind: 'RequestVoteResponse', term, voteGranted: false };
}

/** What has arrived, in order. */
export function arrivals({ facts }: Pick<Watched, 'facts'>) {
  return facts.filter((fact) => fact.k === 'delivered');
}

/** The facts of one kind, in order. */
export function only<K extends FlatFact['k']>(
  { facts }: Pick<Watched, 'facts'>,
  kind: K,
): readonly Extract<FlatFact, { readonly k: K }>[] {
  return facts.filter((fact): fact is Extract<FlatFact, { readonly k: K }> => fact.k === kind);
}

/** Every server acts at every tick: at `stepMs`, twice that, and so on; `nth` counts from 1. */
export function ticking(stepMs: number, act: (out: Outbox, nth: number, me: Life) => void): Script {
  return (event, out, me) => {
    if (event.kind === 'timer') act(out, Math.round(event.now / stepMs), me);
    if (event.kind === 'start' || event.kind === 'timer') out.setTimer('tick', stepMs, stepMs);
  };
}

/** The lives of one server: [kind, ms]. */
export function lives({ facts }: Pick<Watched, 'facts'>, node: number): (string | number)[][] {
  return facts.flatMap((fact) => {
    const isOfLife = ['started', 'crashed', 'paused', 'resumed', 'halted'].includes(fact.k);
    return isOfLife && 'n' in fact && fact.n === node ? [[fact.k, fact.t / 1_000]] : [];
  });
}
