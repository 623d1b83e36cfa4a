/**
 * A process that begins a second life could remember the first one. The same plan, once with lives
 * in one process and once with a process for each life, must give the same run.
 */
import type { Plan } from '../kernel/plan.ts';
import { DEFAULT_RUN_OPTIONS, type Implementation, type RunResult, run } from '../run.ts';
import { programImplementation } from './program-implementation.ts';
import { StdioHost, type StdioOptions } from './stdio-host.ts';
import type { StdioCommand } from './stdio-link.ts';

export interface StdioAudit {
  readonly reset: RunResult;
  readonly process: RunResult;
  readonly agrees: boolean;
}

/** Throws a ProgramFailure when the program cannot be started. */
export function auditLives(
  plan: Plan,
  command: StdioCommand,
  options: Omit<StdioOptions, 'lives'>,
  createStateMachine: Implementation['createStateMachine'],
): StdioAudit {
  const played = (lives: StdioOptions['lives'], runs: number): RunResult => {
    const host = new StdioHost(command, { ...options, lives });
    try {
      const implementation = programImplementation('audit', host, createStateMachine);
      let result = run(plan, implementation, DEFAULT_RUN_OPTIONS);
      for (let i = 1; i < runs; i += 1) result = run(plan, implementation, DEFAULT_RUN_OPTIONS);
      return result;
    } finally {
      host.close();
    }
  };
  // In the second run all lives begin in processes that have lived before.
  const reset = played('reset', 2);
  const process = played('process', 1);
  return { reset, process, agrees: reset.digest === process.digest };
}
