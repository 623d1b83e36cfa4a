/** Keeps failing plans for later campaigns while this one goes on: whoever kills it loses none. */
import { join } from 'node:path';
import type { Failure, NamedRun } from '../sim/campaign/task.ts';
import { type Addition, Corpus } from '../sim/corpus/corpus.ts';
import { CORPUS_FORMAT, type CorpusEntry, type CorpusFailure } from '../sim/corpus/entry.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { VERSIONS } from '../sim/versions.ts';
import { corpusSelection } from './corpus-selection.ts';
import type { Arguments } from './options.ts';
import { textOf } from './parse.ts';
import type { Selection } from './replay-line.ts';
import { FOLDER } from './results-file.ts';
import type { Terminal } from './terminal.ts';
import { whyUnwritable } from './writable.ts';

/** The folder of --corpus, or the usual one; null with --no-corpus. Throws a UsageError. */
export function openCorpus(args: Arguments, terminal: Terminal): Corpus | null {
  if (args.corpus === false) return null;
  const corpus = new Corpus(textOf('--corpus', args.corpus) ?? join(FOLDER, 'corpus'));
  for (const problem of corpus.problems) terminal.warn(`Skipped: ${problem}`);
  return corpus;
}

export interface Identity {
  readonly implementation: CorpusEntry['implementation'];
  readonly selection: Selection;
}

export class KeptFailures {
  private readonly corpus: Corpus;
  private readonly identity: Pick<CorpusEntry, 'implementation' | 'selection'>;
  private readonly written = new Map<string, Addition['how']>();
  /** Why nothing can be kept: a few words; null when it can. */
  readonly obstacle: string | null;
  /** Why plans are missing, once that is known: one sentence. */
  problem: string | null = null;

  constructor(corpus: Corpus, { implementation, selection }: Identity) {
    this.corpus = corpus;
    this.obstacle = whyUnwritable(join(corpus.folder, 'plan.json'));
    this.identity = { implementation, selection: corpusSelection(selection) };
  }

  /** Files that were written, sorted; new ones, and smaller plans in place of bigger ones. */
  get paths(): readonly string[] {
    return [...this.written.keys()].sort((a, b) => (a < b ? -1 : 1));
  }

  /** Keeps the plan of a failure of a campaign when no smaller one fails in this way. */
  addFailure(failure: Failure, planOf: (run: NamedRun) => Plan): void {
    const { kind, violation, events } = failure;
    // Such a run fails by what differs in another one: no plan shows it.
    if (kind === 'nondeterminism') return;
    const failed: CorpusFailure = {
      kind,
      property: violation?.property ?? null,
      fingerprint: violation?.fingerprint ?? kind,
      step: violation?.step ?? events ?? 0,
      firstWrong: null,
    };
    if (this.obstacle !== null || !this.corpus.wants({ ...this.identity, failure: failed })) return;
    this.add(failed, planOf(failure));
  }

  /** Keeps this plan when no smaller one fails in this way; its file, or null when it was not. */
  add(failure: CorpusFailure, plan: Plan): string | null {
    if (this.obstacle !== null) return null;
    try {
      const entry = {
        ...this.identity,
        format: CORPUS_FORMAT,
        versions: VERSIONS,
        failure,
        plan,
      } as const;
      const { path, how } = this.corpus.add(inOrder(entry));
      if (how === 'not smaller') return null;
      if (this.written.get(path) !== 'new') this.written.set(path, how);
      return path;
    } catch (error) {
      const { message } = error as Error;
      this.problem ??= `Not all failing plans could be kept in ${this.corpus.folder}: ${message}.`;
      return null;
    }
  }
}

/** As it is to be read: what it is, how it failed, and last the long part. */
function inOrder({
  format,
  versions,
  implementation,
  selection,
  failure,
  plan,
}: CorpusEntry): CorpusEntry {
  return { format, versions, implementation, selection, failure, plan };
}
