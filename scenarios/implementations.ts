/** What can be put on the bench, and how it gets there: as data that a worker can be sent. */
import { createServer } from '../core/raft-server.ts';
import { KeyValueStore } from '../core/state-machine.ts';
import { guarded } from '../sim/adapters/guarded-server.ts';
import { loadModule } from '../sim/adapters/load-module.ts';
import { programImplementation } from '../sim/adapters/program-implementation.ts';
import { DEFAULT_STDIO_OPTIONS, StdioHost } from '../sim/adapters/stdio-host.ts';
import type { StdioCommand, StdioPatience } from '../sim/adapters/stdio-link.ts';
import type { GradedImplementation } from '../sim/grading/graded-run.ts';
import type { Implementation } from '../sim/run.ts';
import { loadBundle } from './mutants/load.ts';

const createStateMachine = (sessionExpiryMs: number): KeyValueStore =>
  new KeyValueStore(sessionExpiryMs);

/** The Raft of this repository. */
export const REFERENCE: Implementation = {
  id: 'reference',
  createServer,
  createStateMachine,
  isTrusted: true,
};

/**
 * The reference; a mutant of it; or somebody's module that exports `createServer`, bundled. `hash`
 * names the code, null where the versions of the program do.
 */
export type ImplementationSpec =
  | { readonly kind: 'reference'; readonly id: 'reference'; readonly hash: null }
  | {
      readonly kind: 'mutant' | 'foreign';
      readonly id: string;
      readonly hash: string;
      readonly code: string;
    }
  | ProgramSpec;

/** A program over stdio. */
export interface ProgramSpec {
  readonly kind: 'program';
  readonly id: string;
  readonly hash: string;
  readonly command: StdioCommand;
  readonly patience: StdioPatience;
  /** After so many programs that gave no answer no further one is asked; null: however many. */
  readonly hangsMax: number | null;
}

export const REFERENCE_SPEC: ImplementationSpec = {
  kind: 'reference',
  id: 'reference',
  hash: null,
};

/** Meant for a worker: a loaded module never goes away. Throws a HarnessError. */
export async function loadImplementation(spec: ImplementationSpec): Promise<Implementation> {
  switch (spec.kind) {
    case 'reference':
      return REFERENCE;
    case 'mutant':
      return loadBundle(spec);
    case 'foreign': {
      const createServer = await loadModule(spec.code);
      const { id } = spec;
      return { id, createServer: guarded(createServer), createStateMachine, isTrusted: false };
    }
    case 'program':
      return openProgram(spec, 'reset').implementation;
  }
}

/** Starts a first process of the program; the host is to be closed. Throws a ProgramFailure. */
export function openProgram(
  { id, command, patience, hangsMax }: ProgramSpec,
  lives: 'reset' | 'process',
): { readonly host: StdioHost; readonly implementation: GradedImplementation } {
  const options = { ...DEFAULT_STDIO_OPTIONS, patience, hangsMax, lives, hasOwnCore: true };
  const host = new StdioHost(command, options);
  return { host, implementation: programImplementation(id, host, createStateMachine) };
}
