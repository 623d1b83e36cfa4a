/** What can be put on the bench, and how it gets there: as data that a worker can be sent. */
import { createServer } from '../core/raft-server.ts';
import { KeyValueStore } from '../core/state-machine.ts';
import { guarded } from '../sim/adapters/guarded-server.ts';
import { loadModule } from '../sim/adapters/load-module.ts';
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
    };

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
      const foreign = guarded(await loadModule(spec.code));
      return { id: spec.id, createServer: foreign, createStateMachine, isTrusted: false };
    }
  }
}
