/** A graded test from what is special about it. */

import type { GradedTest, Need, Reached } from '../../sim/grading/suite.ts';
import type { Plan } from '../../sim/kernel/plan.ts';
import { newTrial, planOf, type Shape, type Trial } from './trial.ts';

export interface Sketch {
  readonly id: string;
  readonly title: string;
  readonly sentence: string;
  readonly section: string;
  readonly covers?: readonly string[];
  readonly needs?: readonly Need[];
  readonly points?: number;
  readonly runs?: number;
  readonly shape: (trial: Trial) => Shape;
  readonly every?: readonly string[];
  readonly some?: readonly string[];
  readonly answered?: number;
  readonly budget?: GradedTest['budget'];
}

const RUNS = 20;
/** Where a run takes 3,000 events or more, and 5,000: what is wrong shows in the first six or never. */
export const FEWER_RUNS = 15;
export const FEW_RUNS = 10;

export function graded(sketch: Sketch): GradedTest {
  const { shape, every = [], some = [] } = sketch;
  return {
    id: sketch.id,
    title: sketch.title,
    sentence: sketch.sentence,
    section: sketch.section,
    covers: sketch.covers ?? [],
    needs: sketch.needs ?? [],
    points: sketch.points ?? 2,
    runs: sketch.runs ?? RUNS,
    plan(seed, capabilities): Plan {
      const trial = newTrial(seed, capabilities);
      return planOf(trial, shape(trial));
    },
    reaches: [
      ...every.map((situation): Reached => ({ situation, in: 'every' })),
      ...some.map((situation): Reached => ({ situation, in: 'some' })),
    ],
    answered: sketch.answered ?? 6,
    budget: sketch.budget ?? null,
  };
}
