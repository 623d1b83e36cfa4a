/**
 * Isolation replay: one run is taped, its servers are fed alone in another process, and when one
 * of them acts otherwise there, the cause is looked for.
 */
import { fileURLToPath } from 'node:url';
import { Lane } from '../sim/campaign/lane.ts';
import type { AloneOptions, Otherwise } from '../sim/isolation/alone.ts';
import { causeOf, suspect } from '../sim/isolation/cause.ts';
import { causeSentence, type Finding, whatSentence } from '../sim/isolation/finding.ts';
import { OtherProcess } from '../sim/isolation/other-process.ts';
import type { Tape, TapeStep } from '../sim/isolation/tape.ts';
import type { IsolationReply, IsolationTask } from '../sim/isolation/task.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { sourcePlacesOf } from './failure-places.ts';
import type { Terminal } from './terminal.ts';
import { laneOptions, type WorkerOptions } from './worker-lane.ts';

export interface IsolationReport {
  /** The first server that acted otherwise; null when none did. */
  readonly finding: Finding | null;
  /** What it did otherwise, and why: one sentence each; null without a finding. */
  readonly sentences: { readonly what: string; readonly why: string } | null;
  /** Events that servers were fed. */
  readonly events: number;
  /** Of the taped run; null when it did not come to an end. */
  readonly digest: string | null;
}

export interface IsolationSubject {
  /** The last plan is taped, after runs of the others in the same worker. */
  readonly plans: readonly Plan[];
  /** Only this server; null for all. */
  readonly node: number | null;
}

export class Isolation {
  private readonly workers: WorkerOptions;
  private readonly sut: string | null;
  private readonly terminal: Terminal;
  private readonly elsewhere: OtherProcess;

  constructor(workers: WorkerOptions, sut: string | null, terminal: Terminal) {
    // Only the first implementation is put on the bench: the other is the canary.
    this.workers = { ...workers, specs: workers.specs.slice(0, 1) };
    this.sut = sut;
    this.terminal = terminal;
    const worker = new URL(`./isolation-worker${extension()}`, import.meta.url);
    this.elsewhere = new OtherProcess(fileURLToPath(worker), this.workers);
  }

  /** null: the run did not come back. */
  async check({ plans, node }: IsolationSubject): Promise<IsolationReport | null> {
    const taped = await this.tape(plans);
    if (taped === null) return null;
    const { tape, digest } = taped;
    const steps = tape.steps.filter((step) => node === null || step.node === node);
    const ran = { events: steps.length, digest };
    const otherwise = await this.alone(steps, { company: 'life', yields: true }, 'elsewhere');
    if (otherwise === null) return { ...ran, finding: null, sentences: null };
    const finding = await this.explain(tape, otherwise, plans);
    const what = whatSentence(otherwise, tape.steps);
    return { ...ran, finding, sentences: { what, why: causeSentence(finding) } };
  }

  close(): void {
    this.elsewhere.close();
  }

  private async explain(
    tape: Tape,
    otherwise: Otherwise,
    plans: readonly Plan[],
  ): Promise<Finding> {
    const cause = await causeOf(tape, otherwise, {
      alone: (steps, options, where) => this.alone(steps, options, where),
      tapeFirst: async () => (await this.tape(plans.slice(-1)))?.tape ?? null,
    });
    const trapped = await this.inFreshWorker({ kind: 'trapped', implementation: 0, plans });
    const sightings = trapped?.kind === 'trapped' ? trapped.sightings : [];
    const seen = suspect(cause, otherwise, sightings);
    const places = await sourcePlacesOf(this.sut);
    let call: string | null = null;
    if (seen !== null) {
      const place = places?.placeOf(seen.line, seen.column) ?? '';
      const caller = seen.caller === '' ? '' : ` in ${seen.caller}`;
      call = `${seen.what}${caller}${place === '' ? '' : ` (${place})`}`;
    }
    return { otherwise, cause, call, variables: places?.variables() ?? [] };
  }

  private async tape(
    plans: readonly Plan[],
  ): Promise<{ tape: Tape; digest: string | null } | null> {
    const reply = await this.inFreshWorker({ kind: 'tape', implementation: 0, plans });
    return reply?.kind === 'tape' ? reply : null;
  }

  private async alone(
    steps: readonly TapeStep[],
    options: AloneOptions,
    where: 'elsewhere' | 'here',
  ): Promise<Otherwise | null> {
    if (steps.length === 0) return null;
    const task = { kind: 'alone', implementation: 0, steps, options } as const;
    if (where === 'here') {
      const reply = await this.inFreshWorker(task);
      return reply?.kind === 'alone' ? reply.otherwise : lostAt(steps, 'it did not come back');
    }
    const result = await this.elsewhere.run(task);
    return result.kind === 'done'
      ? result.reply.otherwise
      : lostAt(steps, result.message || 'it did not return');
  }

  /** null: it did not come back. */
  private async inFreshWorker(task: IsolationTask): Promise<IsolationReply | null> {
    const lane = new Lane<IsolationTask, IsolationReply>(laneOptions(this.workers, this.terminal));
    const result = await lane.run(task);
    await lane.close();
    return result.kind === 'done' ? result.reply : null;
  }
}

/** Somewhere in these steps. */
function lostAt(steps: readonly TapeStep[], thrown: string): Otherwise {
  const { node, boot } = steps[0]!;
  return { place: 0, node, boot, actions: [], thrown };
}

function extension(): string {
  return import.meta.url.endsWith('.ts') ? '.ts' : '.js';
}
