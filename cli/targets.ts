/** What `run` and `replay` are told to run, as a plan. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { type CorpusEntry, isCorpusText } from '../sim/corpus/entry.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { readTraceText } from '../sim/trace/file.ts';
import { TRACE_FORMAT, type Trace } from '../sim/trace/format.ts';
import { nearestName, show, UsageError, unexpected } from '../sim/usage-error.ts';
import { VERSIONS, type Versions, versionDifferences } from '../sim/versions.ts';
import { namedPlan, PLAN_NAMES } from './named-plans.ts';
import type { Selection, Target } from './replay-line.ts';
import { profileFor } from './seed-profile.ts';

export interface Chosen {
  readonly plan: Plan;
  readonly target: Target;
  /** The trace that it is a replay of. */
  readonly recorded: Trace | null;
  /** The kept failure that it is a replay of. */
  readonly kept: CorpusEntry | null;
}

/** A scenario, a plan file or a seed; seed 1 when nothing is named. */
export async function chosenForRun(
  name: string | null,
  seed: string | null,
  selection: Selection,
): Promise<Chosen> {
  if (name === null) return chosenSeed(seed ?? '1', selection);
  refuseProfile(selection);
  const named = namedPlan(name);
  if (named !== null) {
    const plan = seed === null ? named.plan : { ...named.plan, seed };
    return { plan, target: { kind: 'scenario', id: name, seed }, recorded: null, kept: null };
  }
  if (existsSync(name)) return chosenPlan(name, seed);
  const nearest = nearestName(name, PLAN_NAMES);
  throw unexpected({ expected: 'a scenario or a plan file', got: show(name), where: '', nearest });
}

/** A plan file, a trace or a seed. */
export async function chosenForReplay(
  path: string | null,
  seed: string | null,
  selection: Selection,
): Promise<Chosen> {
  if (path === null) {
    if (seed === null) throw new UsageError('Expected a plan, a trace or --seed, got nothing.');
    return chosenSeed(seed, selection);
  }
  refuseProfile(selection);
  if (!existsSync(path)) throw new UsageError(`There is no file ${show(path)}.`);
  if (!isTrace(path)) return chosenPlan(path, seed);
  if (seed !== null) throw new UsageError('Expected a trace or --seed, got both.');
  const { parseTrace } = await import('../sim/trace/reader.ts');
  const { checkTrace } = await import('../sim/trace/check.ts');
  const recorded = parseTrace(readTraceText(path));
  // Whether a run is the recorded one can only be said of a trace that is as it was written.
  checkTrace(recorded);
  const target = { kind: 'file', path, seed } as const;
  return { plan: recorded.header.plan, target, recorded, kept: null };
}

/** One sentence for each version that is not ours, for a line that was made with these. */
export function versionWarnings(
  made: Versions | null,
  { plan, target }: Chosen,
): readonly string[] {
  if (made !== null) return versionDifferences(made);
  // A plan keeps its meaning whatever has generated it.
  if (target.kind !== 'file') return [];
  return versionDifferences({ ...plan.versions, generator: VERSIONS.generator });
}

/** A plan that is there is not drawn. */
function refuseProfile({ profile }: Selection): void {
  if (profile !== undefined) throw new UsageError('Expected a seed with --profile, got a plan.');
}

async function chosenSeed(seed: string, selection: Selection): Promise<Chosen> {
  const { generatePlan } = await import('../sim/generate/generate-plan.ts');
  const target = { kind: 'seed', seed } as const;
  return {
    plan: generatePlan(seed, { profile: await profileFor(selection) }),
    target,
    recorded: null,
    kept: null,
  };
}

async function chosenPlan(path: string, seed: string | null): Promise<Chosen> {
  if (!statSync(path).isFile()) {
    throw new UsageError(`Expected a plan file, got ${show(path)}, which is none.`);
  }
  if (isTrace(path)) {
    throw new UsageError(`${show(path)} is a trace: \`whitewater replay\` runs it again.`);
  }
  const text = readFileSync(path, 'utf8');
  const kept = isCorpusText(text) ? await keptPlan(text, path) : null;
  const plan = kept?.plan ?? (await barePlan(text, path));
  const target: Target = { kind: 'file', path, seed };
  return { plan: seed === null ? plan : { ...plan, seed }, target, recorded: null, kept };
}

async function keptPlan(text: string, path: string): Promise<CorpusEntry> {
  const { parseCorpusEntry } = await import('../sim/corpus/parse-entry.ts');
  return parseCorpusEntry(text, path);
}

async function barePlan(text: string, path: string): Promise<Plan> {
  const { loadPlan } = await import('../sim/load-plan.ts');
  return loadPlan(text, path);
}

/** By its name or by its first line. */
function isTrace(path: string): boolean {
  if (path.endsWith('.ndjson') || path.endsWith('.ndjson.gz')) return true;
  return statSync(path).isFile() && readFileSync(path, 'utf8').slice(0, 200).includes(TRACE_FORMAT);
}
