/** Tapes runs and feeds servers alone, in a worker. */
import type { CreateServer } from '../core/contract.ts';
import { type ImplementationSpec, loadImplementation } from '../scenarios/implementations.ts';
import { type Heartbeat, watched } from '../sim/campaign/heartbeat.ts';
import { playAlone } from '../sim/isolation/alone.ts';
import { TapeRecorder } from '../sim/isolation/tape.ts';
import type {
  AloneReply,
  AloneTask,
  IsolationReply,
  IsolationTask,
  TapeReply,
  TrappedReply,
  TrappedTask,
} from '../sim/isolation/task.ts';
import { Traps } from '../sim/isolation/traps.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { type Implementation, run } from '../sim/run.ts';

export interface IsolationHost {
  readonly spec: ImplementationSpec;
  readonly load: () => Promise<Implementation>;
  readonly disabled: ReadonlySet<string>;
  readonly heartbeat: Heartbeat;
}

export async function runIsolation(
  task: IsolationTask,
  host: IsolationHost,
): Promise<IsolationReply> {
  switch (task.kind) {
    case 'tape':
      return tape(task.plans, await host.load(), host);
    case 'alone':
      return feed(task, host);
    case 'trapped':
      return trap(task, host);
  }
}

function tape(
  plans: readonly Plan[],
  implementation: Implementation,
  host: IsolationHost,
): TapeReply {
  const recorder = new TapeRecorder();
  runBefore(plans, implementation, host);
  host.heartbeat.begin(plans.length - 1);
  const digest = runQuietly(plans.at(-1)!, recorder.taped(implementation), host);
  return { kind: 'tape', tape: recorder.tape, digest };
}

function runBefore(
  plans: readonly Plan[],
  implementation: Implementation,
  host: IsolationHost,
): void {
  for (const [i, plan] of plans.slice(0, -1).entries()) {
    host.heartbeat.begin(i);
    runQuietly(plan, implementation, host);
  }
}

/** Whatever a run ends with, what happened until then was taped; null when it could not begin. */
function runQuietly(
  plan: Plan,
  implementation: Implementation,
  { disabled }: IsolationHost,
): string | null {
  try {
    return run(plan, implementation, { recorder: null, disabled, stopAtFirst: true }).digest;
  } catch {
    return null;
  }
}

/** Counts copies in this worker: each has an address of its own, and so a memory of its own. */
let copies = 0;
const ownGlobals = new Set(Reflect.ownKeys(globalThis));

async function feed({ steps, options }: AloneTask, host: IsolationHost): Promise<AloneReply> {
  host.heartbeat.begin(0);
  const makeCopy = async (): Promise<CreateServer> => {
    forgetGlobals();
    return watched(await loadImplementation(copied(host.spec)), host.heartbeat).createServer;
  };
  return { kind: 'alone', otherwise: await playAlone(steps, makeCopy, options) };
}

function copied(spec: ImplementationSpec): ImplementationSpec {
  if (spec.kind === 'reference' || spec.kind === 'program') return spec;
  copies += 1;
  return { ...spec, code: `${spec.code}\n// Copy ${copies}.\n` };
}

/** What an earlier copy has left there is memory too. */
function forgetGlobals(): void {
  for (const key of Reflect.ownKeys(globalThis)) {
    if (!ownGlobals.has(key)) Reflect.deleteProperty(globalThis, key);
  }
}

async function trap({ plans }: TrappedTask, host: IsolationHost): Promise<TrappedReply> {
  const traps = new Traps();
  traps.set();
  const loaded = await traps.whileLoading(() => loadImplementation(copied(host.spec)));
  const createServer = traps.watched(loaded.createServer);
  const implementation = watched({ ...loaded, createServer }, host.heartbeat);
  runBefore(plans, implementation, host);
  traps.beginRun();
  host.heartbeat.begin(plans.length - 1);
  runQuietly(plans.at(-1)!, implementation, host);
  return { kind: 'trapped', sightings: traps.sightings };
}
