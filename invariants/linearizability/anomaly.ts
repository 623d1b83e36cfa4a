/**
 * Of a part that cannot be ordered, as few steps as still cannot: what a person can follow. To leave
 * out what nobody has seen never makes an order impossible, so whatever is left has the anomaly.
 */
import { ABSENT, valueIn } from './effects.ts';
import type { Part } from './parts.ts';
import { search } from './search.ts';
import { withoutUnseen } from './sightings.ts';
import type { Step } from './steps.ts';
import { timelineOf } from './timeline.ts';

/** `explained` returns of the part can be put in order, and the next one cannot. */
export function smallestAnomaly(part: Part, explained: number, stepsMax: number): Step[] {
  const trial = new Trial(part.cells, stepsMax);
  let steps = untilReturn(part, explained);
  for (let size = steps.length >> 1; size > 1; size >>= 1) {
    steps = withoutChunks(trial, steps, size);
  }
  // What was needed may not be any more: single steps again and again as long as that helps.
  for (let before = -1; before !== steps.length; ) {
    before = steps.length;
    steps = withoutChunks(trial, steps, 1);
  }
  return steps.sort((a, b) => a.invokedUs - b.invokedUs);
}

/** Searches that share a number of steps. */
class Trial {
  private readonly cells: readonly number[];
  private stepsLeft: number;

  constructor(cells: readonly number[], stepsMax: number) {
    this.cells = cells;
    this.stepsLeft = stepsMax;
  }

  /** Can these certainly not be ordered? */
  fails(steps: readonly Step[]): boolean {
    if (this.stepsLeft <= 0) return false;
    // Short histories take few steps, and each search costs at least to look at its history.
    this.stepsLeft -= steps.length;
    const outcome = search({ steps, cells: this.cells }, this.stepsLeft);
    this.stepsLeft -= outcome.steps;
    return outcome.verdict === 'not-linearizable';
  }
}

/** What was called before the return that fails; what returned later has perhaps not happened yet. */
function untilReturn(part: Part, explained: number): Step[] {
  const { returning } = timelineOf(part);
  const endUs = part.steps[returning[explained]!]!.returnedUs;
  const steps = part.steps
    .filter(({ invokedUs }) => invokedUs <= endUs)
    .map((step) =>
      step.returnedUs <= endUs ? step : { ...step, returnedUs: Number.POSITIVE_INFINITY },
    );
  return withoutUnseen(steps);
}

/** Leaves out one chunk of this size after the other, from the oldest on, where that can be. */
function withoutChunks(trial: Trial, steps: readonly Step[], size: number): Step[] {
  let kept = steps.slice();
  let from = 0;
  while (from < kept.length) {
    const fewer = withoutUnseen(withoutSeers(kept, kept.slice(from, from + size)));
    if (fewer.length > 0 && trial.fails(fewer)) kept = fewer;
    else from += size;
  }
  return kept;
}

/** Without these, and without all that have seen what one of these has left. */
function withoutSeers(steps: readonly Step[], chunk: readonly Step[]): Step[] {
  const seers = seersOf(steps);
  const gone = new Set<Step>();
  const going = [...chunk];
  for (let step = going.pop(); step !== undefined; step = going.pop()) {
    if (gone.has(step)) continue;
    gone.add(step);
    for (const name of tracesOf(step)) going.push(...(seers.get(name) ?? []));
  }
  return steps.filter((step) => !gone.has(step));
}

/** By key and value: who has seen it there. */
function seersOf(steps: readonly Step[]): Map<string, Step[]> {
  const seers = new Map<string, Step[]>();
  for (const step of steps) {
    for (const { key, reads } of step.effects) {
      if (reads === null) continue;
      const name = `${key}/${reads}`;
      const known = seers.get(name);
      if (known === undefined) seers.set(name, [step]);
      else known.push(step);
    }
  }
  return seers;
}

/** What others may have seen of a step: its values, and that a value has come to its end. */
function tracesOf({ effects }: Step): string[] {
  const traces: string[] = [];
  for (const { key, writes } of effects) {
    if (writes === null) continue;
    traces.push(`${key}/${valueIn(writes)}`);
    if (valueIn(writes) !== writes) traces.push(`${key}/${ABSENT}`);
  }
  return traces;
}
