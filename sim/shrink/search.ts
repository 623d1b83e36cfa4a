/** The state of one shrink: a failing plan, and what has been tried. */
import type { Plan } from '../kernel/plan.ts';
import { firstPlanProblem } from '../plan-rules.ts';
import type { ObservedRun } from './observed-run.ts';
import type { Probe, Trial } from './probe.ts';
import { aims, repaired } from './repair.ts';

/** How often decisions are made again for one candidate. */
const REPAIRS = 3;

/** A failing plan and its run. */
export interface Found {
  readonly plan: Plan;
  readonly trial: Trial;
}

export interface SearchOptions {
  /** True once the budget is used up: then nothing is tried any more. */
  readonly isOver: () => boolean;
  /** Called whenever the present plan has changed. */
  readonly onChange: () => void;
}

export class Search {
  /** How the plan must go on failing. */
  readonly failure: string;
  /** Runs made. */
  runs = 1;
  /** Other failures that turned up, by what they are: the first plan of each. */
  readonly others = new Map<string, Plan>();
  private present: Found;
  private readonly probe: Probe;
  private readonly options: SearchOptions;
  /** Plans that were tried and do not do, as text. */
  private readonly refused = new Set<string>();

  /** `found` must fail. */
  constructor(found: Found, failure: string, probe: Probe, options: SearchOptions) {
    this.present = found;
    this.failure = failure;
    this.probe = probe;
    this.options = options;
  }

  /** The present plan and its run. */
  get found(): Found {
    return this.present;
  }

  get plan(): Plan {
    return this.present.plan;
  }

  /** Of the run of the present plan. */
  get trial(): Trial {
    return this.present.trial;
  }

  get isOver(): boolean {
    return this.options.isOver();
  }

  /** Goes on from a plan that was found before. */
  restore(found: Found): void {
    this.present = found;
  }

  /** Takes the candidate if it fails in the same way, and `suits`, if given, agrees. */
  async accept(candidate: Plan, suits: (trial: Trial) => boolean = () => true): Promise<boolean> {
    const text = JSON.stringify(candidate);
    if (this.isOver || this.refused.has(text)) return false;
    if (firstPlanProblem(candidate) !== null || text === JSON.stringify(this.plan)) return false;
    const trial = await this.run(candidate, false);
    if (trial.failure === this.failure && suits(trial)) {
      this.present = { plan: candidate, trial };
      this.options.onChange();
      return true;
    }
    this.refused.add(text);
    return false;
  }

  /** The same; if it does not do, again with its decisions about the messages of the same times. */
  async acceptRepaired(candidate: Plan): Promise<boolean> {
    if (await this.accept(candidate)) return true;
    if (candidate.decisions.length === 0) return false;
    const observed = await this.observe();
    if (observed === null || firstPlanProblem(candidate) !== null) return false;
    let wanted = new Map(aims(this.plan, observed));
    let mended = candidate;
    for (let round = 0; round < REPAIRS && !this.isOver; round += 1) {
      const trial = await this.run(mended, true);
      if (trial.observed === null) return false;
      const repair = repaired(mended, wanted, trial.observed);
      if (JSON.stringify(repair.plan) === JSON.stringify(mended)) return false;
      mended = repair.plan;
      wanted = repair.aims;
      if (await this.accept(mended)) return true;
    }
    return false;
  }

  /** Takes the first of the candidates that does. */
  async acceptFirst(candidates: Iterable<Plan>): Promise<boolean> {
    for (const candidate of candidates) {
      if (this.isOver) return false;
      if (await this.accept(candidate)) return true;
    }
    return false;
  }

  /** What happens in the run of the present plan; null when the budget is used up. */
  async observe(): Promise<ObservedRun | null> {
    if (this.found.trial.observed === null && !this.isOver) {
      const { plan } = this.found;
      this.present = { plan, trial: await this.run(plan, true) };
    }
    return this.found.trial.observed;
  }

  private async run(plan: Plan, isObserved: boolean): Promise<Trial> {
    this.runs += 1;
    const trial = await this.probe(plan, isObserved);
    const { failure } = trial;
    if (failure !== null && failure !== this.failure && !this.others.has(failure)) {
      this.others.set(failure, plan);
    }
    return trial;
  }
}

/** What is plainer must not make the run longer. */
export function noLonger(search: Search): (trial: Trial) => boolean {
  const { events } = search.trial;
  return (trial) => trial.events <= events;
}
