/** What a command runs and how it judges, from its options: names are checked before any run. */

import { PROGRAM_PROPERTIES } from '../invariants/causal/program-properties.ts';
import { PROPERTIES } from '../invariants/properties.ts';
import { type ImplementationSpec, REFERENCE_SPEC } from '../scenarios/implementations.ts';
import { MUTANTS } from '../scenarios/mutants/catalogue.ts';
import { HarnessError } from '../sim/adapters/harness-error.ts';
import { PROFILE_NAMES, type ProfileName } from '../sim/generate/profile-names.ts';
import { show, UsageError } from '../sim/usage-error.ts';
import type { Arguments } from './options.ts';
import { nameOf, textOf } from './parse.ts';
import type { Selection } from './replay-line.ts';
import { handlesEvents, isFolder } from './seed-profile.ts';

/** Checks --sut, --mutant, --without and --profile. Throws a UsageError. */
export function selectionOf(args: Arguments): Selection {
  const sut = textOf('--sut', args.sut);
  const mutant = textOf('--mutant', args.mutant);
  if (sut !== null && mutant !== null) {
    throw new UsageError('Expected --sut or --mutant, got both: a mutant is one of the reference.');
  }
  if (mutant !== null) {
    const ids = MUTANTS.map(({ id }) => id);
    nameOf('a mutant (see `whitewater list mutants`)', mutant, ids);
  }
  const properties = [...PROPERTIES, ...PROGRAM_PROPERTIES].map(({ id }) => id);
  const without = [...new Set(args.without ?? [])].sort((a, b) => (a < b ? -1 : 1));
  for (const property of without) {
    nameOf('a property (see `whitewater list invariants`)', property, properties);
  }
  const profile = textOf('--profile', args.profile);
  if (profile === null) return { sut, mutant, without };
  const name = nameOf('a profile (see `whitewater list profiles`)', profile, PROFILE_NAMES);
  return { sut, mutant, without, profile: name };
}

/** Bundles what was chosen; a debugged program has all the time it wants. Throws a UsageError or a HarnessError. */
export async function specOf(
  { sut, mutant }: Selection,
  isDebugged = false,
): Promise<ImplementationSpec> {
  if (mutant !== null) return mutantSpec(mutant);
  if (sut === null) return REFERENCE_SPEC;
  if (isFolder(sut)) return submittedSpec(sut, isDebugged);
  const { bundleModule } = await import('../sim/adapters/bundle-module.ts');
  const { code, hash } = await bundleModule(sut);
  if (handlesEvents(code)) return submittedSpec(sut, isDebugged);
  return { kind: 'foreign', id: hash, hash, code };
}

/** Before a campaign: what its seeds mean must be something that programs can be told. */
export function assertFitting(
  { kind }: ImplementationSpec,
  profile: ProfileName | undefined,
): void {
  if (kind !== 'program' || profile === 'programs') return;
  throw new UsageError(`Expected --profile programs for a program, got ${show(profile)}.`);
}

/** A program over stdio, as it is graded. */
async function submittedSpec(path: string, isDebugged: boolean): Promise<ImplementationSpec> {
  const { loadSubmission } = await import('../sim/grading/submission.ts');
  const { SubmissionError } = await import('../sim/adapters/submission-error.ts');
  const { programOf, TRUSTED } = await import('./submitted-program.ts');
  try {
    return await programOf(loadSubmission(path), { ...TRUSTED, isDebugged });
  } catch (error) {
    throw error instanceof SubmissionError ? new HarnessError(error.message) : error;
  }
}

/** Core assertions are off in mutants: what finds the bug must be the bench. */
export async function mutantSpec(id: string): Promise<ImplementationSpec> {
  const mutant = MUTANTS.find((candidate) => candidate.id === id)!;
  const { bundleMutant } = await import('../scenarios/mutants/bundle.ts');
  const bundle = await bundleMutant(mutant, { assertionsOff: true });
  return { kind: 'mutant', id: bundle.id, hash: bundle.hash, code: bundle.code };
}
