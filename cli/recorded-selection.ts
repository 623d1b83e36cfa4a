/** A trace and a kept plan name their implementation; another one may be tried on the same plan. */
import { MUTANTS } from '../scenarios/mutants/catalogue.ts';
import { UsageError } from '../sim/usage-error.ts';
import type { Selection } from './replay-line.ts';
import type { Chosen } from './targets.ts';

/**
 * What was typed; where no implementation was, the recorded one. Throws a UsageError when this
 * program does not have it, or when the judgement of a trace would change.
 */
export function selectionFor({ recorded, kept }: Chosen, typed: Selection): Selection {
  if (recorded !== null && typed.without.length > 0) {
    throw new UsageError('A trace is replayed with the properties that it was judged by.');
  }
  if (typed.sut !== null || typed.mutant !== null) return typed;
  if (recorded !== null) {
    const { id } = recorded.header.implementation;
    return id === 'reference' ? typed : { ...typed, mutant: mutantOf(id, 'trace was recorded') };
  }
  if (kept === null) return typed;
  const { sut, mutant, without } = kept.selection;
  if (mutant !== null) mutantOf(`mutant:${mutant}`, 'plan was kept');
  return { sut, mutant, without: typed.without.length > 0 ? typed.without : without };
}

function mutantOf(id: string, what: string): string {
  const mutant = id.replace(/^mutant:/, '');
  if (MUTANTS.some((candidate) => candidate.id === mutant)) return mutant;
  throw new UsageError(
    `The ${what} with ${id}, which this program does not have: name it with --sut.`,
  );
}
