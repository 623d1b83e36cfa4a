/** Somebody's programs as something that can be put on the bench. */
import type { CreateServer } from '../../core/contract.ts';
import type { ForetoldServer, ProgramOutbox } from '../kernel/opaque.ts';
import type { Plan } from '../kernel/plan.ts';
import type { ProgramHost } from '../protocol/program.ts';
import type { Implementation, ProgramSide } from '../run.ts';
import { UsageError } from '../usage-error.ts';
import { ProgramRun } from './program-run.ts';
import { ProgramServer } from './program-server.ts';

/** `createStateMachine` makes the store of the bench, which answers where a program keeps none. */
export function programImplementation(
  id: string,
  host: ProgramHost,
  createStateMachine: Implementation['createStateMachine'],
): Implementation & { readonly program: ProgramSide } {
  let run: ProgramRun | null = null;
  const createServer: CreateServer = () => {
    const server = new ProgramServer(run!);
    // The world's outbox is that of a program in runs of programs.
    return {
      step: (event, out) => server.step(event, out as ProgramOutbox),
      foretell: (event) => server.foretell(event),
    } satisfies ForetoldServer;
  };
  const program: ProgramSide = {
    capabilities: host.ready.capabilities,
    looksAhead: host.looksAhead ?? false,
    beginRun(plan) {
      const problem = whyNotForPrograms(plan);
      if (problem !== null) throw new UsageError(problem);
      run = new ProgramRun(host, plan.cluster.size + plan.cluster.spares);
    },
    endRun() {
      run?.end();
      run = null;
    },
  };
  return { id, createServer, createStateMachine, isTrusted: false, program };
}

/** What the protocol has no words for: one sentence, or null. */
function whyNotForPrograms({ images, cluster, workload }: Plan): string | null {
  const { sessions, casPpm, ttlPpm, rangePpm } = workload;
  const why =
    images.length > 0
      ? 'fills disks before the first boot'
      : cluster.stateMachine === 'durable'
        ? 'has state machines that survive crashes'
        : sessions
          ? 'has sessions'
          : casPpm + ttlPpm + rangePpm > 0
            ? 'has other operations than put and get'
            : null;
  return why === null ? null : `This plan is not for programs: it ${why}.`;
}
