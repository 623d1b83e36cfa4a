/**
 * Looks for an order of the steps of a part that one server could have carried out: Wing and Gong's
 * search, with Lowe's two savings. A step is put in its place only when its return comes up, or when
 * that of another one needs it ("just in time"); and no configuration is looked at twice.
 */
import { IMPOSSIBLE } from './effects.ts';
import type { Part } from './parts.ts';
import { isDefinite } from './sightings.ts';
import { type States, statesOf } from './states.ts';
import type { Step } from './steps.ts';
import { type Timeline, timelineOf } from './timeline.ts';
import { hasSlot, type SlotSet, Visited, withoutSlot, withSlot } from './visited.ts';

export interface Outcome {
  readonly verdict: 'linearizable' | 'not-linearizable' | 'unknown';
  /** How many returns can be explained at most, in their order. */
  readonly explained: number;
  readonly steps: number;
}

/** Gives up after `stepsMax` steps. */
export function search(part: Part, stepsMax: number): Outcome {
  const timeline = timelineOf(part);
  if (timeline.isTooWide) return { verdict: 'unknown', explained: 0, steps: 0 };
  return new Search(part, timeline, stepsMax).run();
}

/** A point from which several steps may come next. */
interface Frame {
  /** Everything before this return is in order. */
  readonly place: number;
  /** Steps that have happened, and have not returned. */
  readonly done: SlotSet;
  /** Optional steps that have happened, and still matter. */
  readonly perhaps: SlotSet;
  readonly state: number;
  /** The keys that decide about the step that returns here, as bits; all of them for many keys. */
  readonly keys: number;
  /** The next of the pending steps to be tried. */
  next: number;
}

/** More keys than this are not told apart. */
const KEY_BITS = 30;
const ALL_KEYS = -1;

class Search {
  private readonly steps: readonly Step[];
  private readonly timeline: Timeline;
  private readonly states: States;
  private readonly stepsMax: number;
  private readonly visited = new Visited();
  private readonly frames: Frame[] = [];
  /** By step: its keys as bits. */
  private readonly keys: readonly number[];
  private readonly isDefinite: readonly boolean[];
  private readonly isRead: readonly boolean[];
  private taken = 0;
  private explained = 0;

  constructor({ steps, cells }: Part, timeline: Timeline, stepsMax: number) {
    this.steps = steps;
    this.timeline = timeline;
    this.states = statesOf(cells);
    this.stepsMax = stepsMax;
    const bits = cells.length > KEY_BITS ? () => ALL_KEYS : (key: number) => 1 << key;
    this.keys = steps.map(({ effects }) => effects.reduce((all, { key }) => all | bits(key), 0));
    this.isDefinite = steps.map(isDefinite);
    this.isRead = steps.map(({ effects }) => effects.every(({ writes }) => writes === null));
  }

  run(): Outcome {
    if (this.advance(0, 0, 0, this.states.initial)) return this.outcome('linearizable');
    while (this.frames.length > 0) {
      const frame = this.frames[this.frames.length - 1]!;
      const step = this.nextOf(frame);
      if (step < 0) {
        this.frames.pop();
        continue;
      }
      this.taken += 1;
      if (this.taken > this.stepsMax) return this.outcome('unknown');
      if (this.take(frame, step)) return this.outcome('linearizable');
    }
    return this.outcome('not-linearizable');
  }

  /** The next pending step that bears on the one that returns; -1 when all have been tried. */
  private nextOf(frame: Frame): number {
    const { pending, starts, slots } = this.timeline;
    const end = starts[frame.place + 1]!;
    while (frame.next < end) {
      const step = pending[frame.next]!;
      frame.next += 1;
      const set = this.isDefinite[step] ? frame.done : frame.perhaps;
      if (hasSlot(set, slots[step]!) || (this.keys[step]! & frame.keys) === 0) continue;
      return step;
    }
    return -1;
  }

  /** Puts the step next. True when that settles it all. */
  private take({ place, done, perhaps, state }: Frame, step: number): boolean {
    const after = this.states.after(state, this.steps[step]!);
    if (after === IMPOSSIBLE) return false;
    const slot = this.timeline.slots[step]!;
    return this.isDefinite[step]
      ? this.advance(place, withSlot(done, slot), perhaps, after)
      : this.advance(place, done, withSlot(perhaps, slot), after);
  }

  /**
   * Goes on as far as there is no choice: what changes nothing happens at once, for it may as well.
   * True at the end of the history; else what is to be chosen from is left as a frame.
   */
  private advance(place: number, done: SlotSet, perhaps: SlotSet, state: number): boolean {
    const { returning, slots, over } = this.timeline;
    let [at, has, used] = [place, done, perhaps];
    for (;;) {
      if (at > this.explained) this.explained = at;
      if (at === returning.length) return true;
      has = this.withHarmless(at, has, state);
      const slot = slots[returning[at]!]!;
      if (!hasSlot(has, slot)) break;
      has = withoutSlot(has, slot);
      for (const step of over[at]!) {
        if (hasSlot(used, slots[step]!)) used = withoutSlot(used, slots[step]!);
      }
      at += 1;
    }
    if (!this.visited.add(at, state, has, used)) return false;
    const next = this.timeline.starts[at]!;
    const keys = this.keysFor(at, has);
    this.frames.push({ place: at, done: has, perhaps: used, state, keys, next });
    return false;
  }

  /** With all steps that have happened anyway and can happen now without a change. */
  private withHarmless(place: number, done: SlotSet, state: number): SlotSet {
    const { pending, starts, slots } = this.timeline;
    let has = done;
    for (let i = starts[place]!; i < starts[place + 1]!; i += 1) {
      const step = pending[i]!;
      if (!this.isDefinite[step] || hasSlot(has, slots[step]!)) continue;
      if (this.isRead[step] && this.states.after(state, this.steps[step]!) === state) {
        has = withSlot(has, slots[step]!);
      }
    }
    return has;
  }

  /**
   * The keys of the step that returns, and of those that read them together with others: a step on
   * other keys may as well happen later.
   */
  private keysFor(place: number, done: SlotSet): number {
    const { pending, starts, slots, returning } = this.timeline;
    let keys = this.keys[returning[place]!]!;
    let before = 0;
    while (keys !== before) {
      before = keys;
      for (let i = starts[place]!; i < starts[place + 1]!; i += 1) {
        const step = pending[i]!;
        if (this.isDefinite[step] && hasSlot(done, slots[step]!)) continue;
        if ((this.keys[step]! & keys) !== 0) keys |= this.keys[step]!;
      }
    }
    return keys;
  }

  private outcome(verdict: Outcome['verdict']): Outcome {
    return { verdict, explained: this.explained, steps: this.taken };
  }
}
