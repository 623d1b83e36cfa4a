/** `whitewater zoo`: the exam of the bench itself. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { DIRECTED } from '../../scenarios/directed/registry.ts';
import { MUTANTS } from '../../scenarios/mutants/catalogue.ts';
import { packageRoot, readCoreSources } from '../../scenarios/mutants/core-sources.ts';
import type { Mutant } from '../../scenarios/mutants/mutant.ts';
import {
  type ExaminedMutant,
  examineAll,
  ZOO_SEEDS_DEFAULT,
  type ZooReport,
} from '../../scenarios/mutants/zoo.ts';
import { hasBenchFailed } from '../../scenarios/mutants/zoo-run.ts';
import { show, UsageError } from '../../sim/usage-error.ts';
import { VERSIONS } from '../../sim/versions.ts';
import { refusePassingTheLast } from '../campaign-range.ts';
import { ExitCode } from '../exit-code.ts';
import { interruption } from '../interruption.ts';
import type { Arguments } from '../options.ts';
import { packageVersion } from '../package-version.ts';
import { countOf, durationMsOf, nameOf, seedOf, textOf } from '../parse.ts';
import { Progress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { HANG_MS } from '../worker-lane.ts';
import { WorkerZoo } from '../zoo-port.ts';
import { zooText } from '../zoo-text.ts';

const SEEDS_MAX = 1_000_000;
const JOBS_MAX = 256;

export async function zooCommand(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const seeds = countOf('--seeds', args.seeds, SEEDS_MAX) ?? ZOO_SEEDS_DEFAULT;
  const jobs = countOf('--jobs', args.jobs, JOBS_MAX) ?? availableParallelism();
  const hangMs = durationMsOf('--hang-after', args.hangAfter) ?? HANG_MS;
  const fromSeed = seedOf('--from', args.from) ?? '1';
  refusePassingTheLast(fromSeed, seeds);
  const mutants = await chosenMutants(args);
  const progress = new Progress();
  const stop = interruption();
  const port = new WorkerZoo(terminal, hangMs);
  const examined: ExaminedMutant[] = [];
  const onExamined = (mutant: ExaminedMutant): void => {
    examined.push(mutant);
    progress.update(() => `${examined.length} of ${mutants.length} mutants examined`);
  };
  const options = { mutants, directed: DIRECTED, seeds, fromSeed, jobs, onExamined };
  const unlessOver = (error: unknown): null => {
    if (stop.signal.aborted) return null;
    throw error;
  };
  const isOver = new Promise<null>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(null));
  });
  const whole = await Promise.race([isOver, examineAll(options, port).catch(unlessOver)]);
  await port.close();
  stop.release();
  progress.done();
  const report = whole ?? partialReport(mutants, examined);
  const interrupted = whole === null;
  // A bug that was caught is caught, whatever became of the bench after that.
  const unknown = report.mutants.filter(({ killed, others }) => !killed && hasBenchFailed(others));
  const missed = report.mutants.filter(
    (mutant) => !mutant.legal && !mutant.killed && !unknown.includes(mutant),
  );
  terminal.print(zooText(report, { interrupted, seeds }, terminal.colours));
  const versions = { whitewater: packageVersion(), ...VERSIONS };
  terminal.printJson({
    ...report,
    missed: missed.map(({ id }) => id),
    unknown: unknown.map(({ id }) => id),
    seeds,
    interrupted,
    versions,
  });
  if (interrupted) return ExitCode.interrupted;
  const wrong = missed.length + unknown.length + report.falseAlarms.length;
  return wrong === 0 ? ExitCode.ok : ExitCode.bench;
}

/** Our own, or those of a file; of them those of --only, if any. Throws a UsageError. */
async function chosenMutants(args: Arguments): Promise<readonly Mutant[]> {
  const path = textOf('--mutants', args.mutants);
  const mutants = path === null ? MUTANTS : await mutantsOf(path);
  if (args.only === undefined) return mutants;
  const ids = mutants.map(({ id }) => id);
  const only = args.only.map((id) => nameOf('a mutant (see `whitewater list mutants`)', id, ids));
  return mutants.filter(({ id }) => only.includes(id));
}

async function mutantsOf(path: string): Promise<readonly Mutant[]> {
  if (!existsSync(path)) throw new UsageError(`There is no file ${show(path)}.`);
  if (statSync(path).isDirectory()) throw new UsageError(`${show(path)} is a folder, not a file.`);
  const { loadMutants } = await import('../../scenarios/mutants/catalogue-file.ts');
  return loadMutants(readFileSync(path, 'utf8'), path, readCoreSources(packageRoot()));
}

/** What is known when the exam was interrupted, in the order of the catalogue. */
function partialReport(mutants: readonly Mutant[], done: readonly ExaminedMutant[]): ZooReport {
  const inOrder = mutants.flatMap(({ id }) => done.filter((examined) => examined.id === id));
  const bugs = inOrder.filter(({ legal }) => !legal);
  return {
    killed: bugs.filter(({ killed }) => killed).length,
    total: bugs.length,
    falseAlarms: inOrder.filter(({ legal, killed }) => legal && killed).map(({ id }) => id),
    mutants: inOrder,
  };
}
