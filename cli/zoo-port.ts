/** Runs the bundles of the zoo in workers of their own, and survives what the mutants do there. */
import type { Bundle } from '../scenarios/mutants/bundle.ts';
import type { ZooPort } from '../scenarios/mutants/zoo.ts';
import {
  addRun,
  hasBenchFailed,
  joinRuns,
  NO_RUNS,
  type RandomRuns,
  type RunOutcome,
} from '../scenarios/mutants/zoo-run.ts';
import { Lane, type Loss } from '../sim/campaign/lane.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { nextSeed } from '../sim/seed.ts';
import type { Terminal } from './terminal.ts';
import { laneOptions } from './worker-lane.ts';
import type { ZooReply, ZooSeedsTask, ZooTask } from './worker-task.ts';

type ZooLane = Lane<ZooTask, ZooReply>;

/** A lost worker costs the runs of one task: it is made small. */
const CHUNK = 32;

export class WorkerZoo implements ZooPort {
  private readonly terminal: Terminal;
  private readonly hangMs: number;
  /** By the id of the bundle, from its plans to its seeds. */
  private readonly lanes = new Map<string, ZooLane>();
  private isClosed = false;

  constructor(terminal: Terminal, hangMs: number) {
    this.terminal = terminal;
    this.hangMs = hangMs;
  }

  runPlans(bundle: Bundle, plans: readonly Plan[]): Promise<readonly RunOutcome[]> {
    return runPlansIn(this.laneOf(bundle), plans);
  }

  /** The last that is asked of a bundle. */
  async runSeeds(
    bundle: Bundle,
    from: string,
    count: number,
    stopAtFirstKill: boolean,
  ): Promise<RandomRuns> {
    const lane = this.laneOf(bundle);
    const runs = await runSeedsIn(lane, { from, count, stopAtFirstKill });
    this.lanes.delete(bundle.id);
    await lane.close();
    return runs;
  }

  /** Gives up everything that runs. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.lanes.values()].map((lane) => lane.close()));
  }

  private laneOf(bundle: Bundle): ZooLane {
    const known = this.lanes.get(bundle.id);
    if (known !== undefined) return known;
    if (this.isClosed) throw new Error('the zoo is closed');
    const spec = { kind: 'mutant', ...bundle } as const;
    const options = { specs: [spec], without: [], hangMs: this.hangMs };
    const lane: ZooLane = new Lane(laneOptions(options, this.terminal));
    this.lanes.set(bundle.id, lane);
    return lane;
  }
}

async function runPlansIn(lane: ZooLane, plans: readonly Plan[]): Promise<readonly RunOutcome[]> {
  const outcomes: RunOutcome[] = [];
  while (outcomes.length < plans.length) {
    const rest = plans.slice(outcomes.length);
    const result = await lane.run({ kind: 'zooPlans', implementation: 0, plans: rest });
    if (result.kind === 'done') {
      if (result.reply.kind === 'zooPlans') outcomes.push(...result.reply.outcomes);
      continue;
    }
    const outcome = outcomeOfLoss(result);
    const place = Math.max(0, result.reading.position);
    outcomes.push(...(await runPlansIn(lane, rest.slice(0, place))), outcome);
  }
  return outcomes;
}

type Seeds = Omit<ZooSeedsTask, 'kind' | 'implementation'>;

async function runSeedsIn(lane: ZooLane, asked: Seeds): Promise<RandomRuns> {
  const { from, count, stopAtFirstKill } = asked;
  let runs = NO_RUNS;
  const isOver = (): boolean =>
    (stopAtFirstKill && runs.kill !== null) || hasBenchFailed(runs.others);
  while (runs.seeds < count && !isOver()) {
    const first = nextSeed(from, runs.seeds);
    const chunk = { ...asked, from: first, count: Math.min(CHUNK, count - runs.seeds) };
    const result = await lane.run({ kind: 'zooSeeds', implementation: 0, ...chunk });
    if (result.kind === 'done') {
      if (result.reply.kind === 'zooSeeds') runs = joinRuns(runs, result.reply.runs);
      continue;
    }
    const outcome = outcomeOfLoss(result);
    const place = Math.max(0, result.reading.position);
    const before = await runSeedsIn(lane, { ...chunk, count: place });
    runs = joinRuns(runs, before);
    // Unless the worker was lost once more, on the way there.
    if (!isOver()) runs = addRun(runs, nextSeed(first, place), outcome);
  }
  return runs;
}

/** Of a worker that was lost in the bench's own code nothing can be said about the mutant. */
function outcomeOfLoss({ how, reading, message }: Loss): RunOutcome {
  if (how === 'cancelled') throw new Error('the zoo is closed');
  const isHang = how === 'hang';
  const reason = isHang ? 'it did not return in time (--hang-after)' : message;
  const whose = isHang ? 'hang' : 'died';
  const verdict = reading.isInside ? whose : 'bench';
  return { verdict, hits: [], events: reading.events, reason, wrong: null };
}
