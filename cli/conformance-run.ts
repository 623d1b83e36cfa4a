/** A short run without faults: what transcripts do not reach of the protocol. */
import { REFERENCE } from '../scenarios/implementations.ts';
import { programImplementation } from '../sim/adapters/program-implementation.ts';
import { DEFAULT_STDIO_OPTIONS, StdioHost } from '../sim/adapters/stdio-host.ts';
import type { StdioCommand, StdioPatience } from '../sim/adapters/stdio-link.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { completePlan } from '../sim/load-plan.ts';
import type { Capabilities } from '../sim/protocol/capabilities.ts';
import { ProgramFailure } from '../sim/protocol/program.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../sim/run.ts';

export interface RunTry {
  /** How the program broke the protocol; null when it did not. */
  readonly problem: string | null;
  readonly log: readonly string[];
  /** What its Raft did, one sentence: no business of the protocol. */
  readonly raft: string;
}

export function runWithoutFaults(command: StdioCommand, patience: StdioPatience): RunTry {
  let host: StdioHost | null = null;
  try {
    host = new StdioHost(command, { ...DEFAULT_STDIO_OPTIONS, patience });
    const implementation = programImplementation('program', host, REFERENCE.createStateMachine);
    const plan = planWithoutFaults(host.ready.capabilities);
    const result = run(plan, implementation, DEFAULT_RUN_OPTIONS);
    const { failure, violations, statistics } = result;
    if (failure !== null) {
      return { problem: `n${failure.node}: ${failure.message}`, log: failure.log, raft: '' };
    }
    const { invoked, acknowledged } = statistics;
    const broken = violations[0];
    const raft =
      broken === undefined
        ? `${acknowledged} of ${invoked} commands were answered ok, and nothing broke`
        : `${broken.property}: ${broken.detail.replace(/\.$/, '')}`;
    return { problem: null, log: [], raft };
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    return { problem: error.message, log: error.log, raft: '' };
  } finally {
    host?.close();
  }
}

function planWithoutFaults({ electionMs, heartbeatMs }: Capabilities): Plan {
  const [electionMsMin, electionMsMax] = electionMs;
  return completePlan({
    cluster: { config: { electionMsMin, electionMsMax, heartbeatMs } },
    phases: { chaosUs: 10_000 * electionMsMax },
  });
}
