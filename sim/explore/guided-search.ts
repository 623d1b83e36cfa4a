/**
 * A search that learns: plans that reached new abstract states are kept, changed, and run again,
 * beside fresh ones. Everything is a function of the search's name, its seeds and what the runs of
 * earlier generations reached.
 *
 *     const search = new GuidedSearch('1', (nth) => String(1 + nth));
 *     for (const candidate of search.nextGeneration(96)) {
 *       // … run candidate.plan, then:
 *       search.learn(candidate, states, events);
 *     }
 */
import { generatePlan } from '../generate/generate-plan.ts';
import type { ProfileName } from '../generate/profile-names.ts';
import type { Plan } from '../kernel/plan.ts';
import { changedPlan } from './changed-plan.ts';
import { Coverage } from './coverage.ts';
import { Luck } from './luck.ts';
import { frontierUsOf, Pool } from './pool.ts';
import type { RunStates } from './state-set.ts';

/** One run that the search asks for. */
export interface Candidate {
  /** Place in the campaign, from 0. */
  readonly position: number;
  /** The seed of a fresh plan; of a changed one "NAME~GENERATION.PLACE". */
  readonly name: string;
  readonly plan: Plan;
  /** The seed alone generates it. */
  readonly isFresh: boolean;
}

/** So many of a hundred runs are of fresh seeds: what was never seen is not found by changes. */
const FRESH_PERCENT = 40;

export class GuidedSearch {
  /** Generations that were made. */
  generations = 0;
  /** Candidates that were made, and how many of them are fresh. */
  count = 0;
  freshCount = 0;
  private readonly name: string;
  private readonly seedAt: (nth: number) => string;
  private readonly profile: ProfileName | undefined;
  private readonly coverage = new Coverage();
  private readonly kept = new Pool();

  /** `seedAt` names the nth fresh seed, from 0; without a profile each seed draws its own. */
  constructor(name: string, seedAt: (nth: number) => string, profile?: ProfileName) {
    this.name = name;
    this.seedAt = seedAt;
    this.profile = profile;
  }

  /** Different states that were reached. */
  get states(): number {
    return this.coverage.states;
  }

  /** Plans that are kept. */
  get pool(): number {
    return this.kept.size;
  }

  /** Call it when everything of the generation before is learnt. */
  nextGeneration(count: number): Candidate[] {
    this.kept.settle(this.coverage);
    const generation = Array.from({ length: count }, (_, place) => this.candidate(place));
    this.generations += 1;
    return generation;
  }

  /** What a candidate reached, in order of their positions. */
  learn({ position, plan }: Candidate, states: RunStates, events: number): void {
    const fresh = this.coverage.add(states.keys);
    if (fresh.length > 0) this.kept.add({ position, plan, events }, states, fresh);
  }

  private candidate(place: number): Candidate {
    const position = this.count;
    this.count += 1;
    const luck = new Luck(`${this.name}/search/${this.generations}/${place}`);
    if (this.kept.size === 0 || luck.percent(FRESH_PERCENT)) {
      const name = this.seedAt(this.freshCount);
      this.freshCount += 1;
      return { position, name, plan: generatePlan(name, { profile: this.profile }), isFresh: true };
    }
    const parent = this.kept.choose(luck);
    parent.chosen += 1;
    const name = `${this.name}~${this.generations}.${place}`;
    const choices = {
      frontierUs: frontierUsOf(parent, this.coverage),
      mate: this.kept.choose(luck).plan,
      profile: this.profile,
      luck,
    };
    return { position, name, plan: changedPlan(parent.plan, name, choices), isFresh: false };
  }
}
