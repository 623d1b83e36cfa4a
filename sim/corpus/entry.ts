/**
 * A failing plan that was kept: all that is needed to run it again, and how it failed. One file of
 * JSON each, so that it can be mailed, read, and put into somebody's tests.
 */
import { createHash } from 'node:crypto';
import type { Plan } from '../kernel/plan.ts';
import type { Versions } from '../versions.ts';

export const CORPUS_FORMAT = 'whitewater/corpus';

/** What was run: null for the reference. `sut` is a path relative to the working folder. */
export interface CorpusSelection {
  readonly sut: string | null;
  readonly mutant: string | null;
  /** Properties that were not judged. */
  readonly without: readonly string[];
}

export interface CorpusFailure {
  readonly kind: 'violation' | 'exception' | 'storm' | 'hang' | 'died';
  /** Of a violation, else null. */
  readonly property: string | null;
  /** Of the violation; of other failures their kind: equal for equal failures. */
  readonly fingerprint: string;
  /** Server events until then; 0 when nobody knows. */
  readonly step: number;
  /** The first action that a rule of Raft forbids, where it is known. */
  readonly firstWrong: { readonly step: number; readonly sentence: string } | null;
}

export interface CorpusEntry {
  readonly format: typeof CORPUS_FORMAT;
  /** Of the program that saw it fail; the plan may be older. */
  readonly versions: Versions;
  readonly implementation: { readonly id: string; readonly hash: string | null };
  readonly selection: CorpusSelection;
  readonly failure: CorpusFailure;
  readonly plan: Plan;
}

/**
 * What is kept once: one kind of implementation failing in one way. The code of a foreign one
 * changes while it is mended, so its path counts and not its hash.
 */
export function keyOf({ selection, failure }: Pick<CorpusEntry, 'selection' | 'failure'>): string {
  return `${implementationKey(selection)} ${failure.fingerprint}`;
}

export function implementationKey({ sut, mutant }: CorpusSelection): string {
  if (sut !== null) return `sut:${sut}`;
  return mutant === null ? 'reference' : `mutant:${mutant}`;
}

/** "one-vote-per-term-1f3a09bc.json": the property, or the kind of the failure, and the key. */
export function fileNameOf(entry: CorpusEntry): string {
  const { property, kind } = entry.failure;
  const hash = createHash('sha256').update(keyOf(entry)).digest('hex').slice(0, 8);
  return `${property ?? kind}-${hash}.json`;
}

/**
 * Below 0 when `a` is the smaller one: it fails after fewer events, or its plan is shorter. A total
 * order, so that what is kept does not depend on who came first.
 */
export function compareSize(a: CorpusEntry, b: CorpusEntry): number {
  if (a.failure.step !== b.failure.step) return a.failure.step - b.failure.step;
  const [one, other] = [JSON.stringify(a.plan), JSON.stringify(b.plan)];
  if (one.length !== other.length) return one.length - other.length;
  return one < other ? -1 : one > other ? 1 : 0;
}

export function corpusText(entry: CorpusEntry): string {
  return `${JSON.stringify(entry, null, 2)}\n`;
}

/** True for the text of a kept plan, well-formed or not; false for bare plans and traces. */
export function isCorpusText(text: string): boolean {
  return new RegExp(`^\\s*\\{\\s*"format"\\s*:\\s*"${CORPUS_FORMAT}"`).test(text);
}
