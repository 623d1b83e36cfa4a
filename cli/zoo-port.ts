/** Runs the bundles of the zoo in workers of their own, and survives what the mutants do there. */
import type { Bundle } from '../scenarios/mutants/bundle.ts';
import type { ZooPort } from '../scenarios/mutants/zoo.ts';
import {
  addRun,
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
import type { ZooReply, ZooTask } from './worker-task.ts';

type ZooLane = Lane<ZooTask, ZooReply>;

/** A lost worker costs the runs of one task: it is made small. */
const CHUNK = 32;

export class WorkerZoo implements ZooPort {
  private readonly terminal: Terminal;
  private readonly hangMs: number;
  private readonly lanes = new Set<ZooLane>();
  private isClosed = false;

  constructor(terminal: Terminal, hangMs: number) {
    this.terminal = terminal;
    this.hangMs = hangMs;
  }

  async runPlans(bundle: Bundle, plans: readonly Plan[]): Promise<readonly RunOutcome[]> {
    return this.inLane(bundle, async (lane) => {
      const outcomes: RunOutcome[] = [];
      while (outcomes.length < plans.length) {
        const rest = plans.slice(outcomes.length);
        const result = await lane.run({ kind: 'zooPlans', implementation: 0, plans: rest });
        if (result.kind === 'done') {
          if (result.reply.kind === 'zooPlans') outcomes.push(...result.reply.outcomes);
          continue;
        }
        const place = Math.max(0, result.reading.position);
        const before = await this.runPlans(bundle, rest.slice(0, place));
        outcomes.push(...before, outcomeOfLoss(result, bundle));
      }
      return outcomes;
    });
  }

  async runSeeds(
    bundle: Bundle,
    from: string,
    count: number,
    stopAtFirstKill: boolean,
  ): Promise<RandomRuns> {
    return this.inLane(bundle, async (lane) => {
      let runs = NO_RUNS;
      while (runs.seeds < count && !(stopAtFirstKill && runs.kill !== null)) {
        const seed = nextSeed(from, runs.seeds);
        const size = Math.min(CHUNK, count - runs.seeds);
        const chunk = { implementation: 0, from: seed, count: size, stopAtFirstKill } as const;
        const result = await lane.run({ kind: 'zooSeeds', ...chunk });
        if (result.kind === 'done') {
          if (result.reply.kind === 'zooSeeds') runs = joinRuns(runs, result.reply.runs);
          continue;
        }
        const place = Math.max(0, result.reading.position);
        const before = await this.runSeeds(bundle, seed, place, stopAtFirstKill);
        const lost = addRun(NO_RUNS, nextSeed(seed, place), outcomeOfLoss(result, bundle));
        runs = joinRuns(runs, joinRuns(before, lost));
      }
      return runs;
    });
  }

  /** Gives up everything that runs. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.lanes].map((lane) => lane.close()));
  }

  private async inLane<T>(bundle: Bundle, work: (lane: ZooLane) => Promise<T>): Promise<T> {
    const spec = { kind: 'mutant', ...bundle } as const;
    const options = { specs: [spec], without: [], hangMs: this.hangMs };
    const lane: ZooLane = new Lane(laneOptions(options, this.terminal));
    if (this.isClosed) return new Promise(() => {});
    this.lanes.add(lane);
    try {
      return await work(lane);
    } finally {
      this.lanes.delete(lane);
      await lane.close();
    }
  }
}

/** Of a worker that died in the bench's own code nothing can be said about the mutant. */
function outcomeOfLoss({ how, reading, message }: Loss, bundle: Bundle): RunOutcome {
  if (!reading.isInside && how !== 'cancelled') {
    const what = how === 'hang' ? 'it hangs' : message;
    throw new Error(`while it examined ${bundle.id}: ${what}`);
  }
  const verdict = how === 'hang' ? 'hang' : 'died';
  return { verdict, hits: [], events: reading.events, reason: message };
}
