/**
 * Sampling for plans: fast-check's arbitraries, each section from a random stream of its own, so
 * that a new knob in one section moves no other.
 */
import fc from 'fast-check';
import seedrandom from 'seedrandom';

/** The next sample of an arbitrary from the stream of one section. */
export type Draw = <T>(arbitrary: fc.Arbitrary<T>) => T;

/**
 * Opens the stream of a section. fast-check leans towards small and extreme values in the first
 * runs of a property; every plan would be such a first run, so that bias is off (`undefined`):
 * what the generator prefers stands in its weights.
 */
export function openDraw(seed: string, section: string): Draw {
  const source = seedrandom.alea(`${seed}/plan/${section}`, { state: true });
  const random = new fc.Random(new AleaGenerator(source));
  return (arbitrary) => arbitrary.generate(random, undefined).value;
}

/** seedrandom's alea behind the generator interface of fast-check. */
class AleaGenerator {
  private readonly prng: seedrandom.StatefulPRNG<seedrandom.State.Alea>;

  constructor(prng: seedrandom.StatefulPRNG<seedrandom.State.Alea>) {
    this.prng = prng;
  }

  clone(): AleaGenerator {
    return new AleaGenerator(seedrandom.alea('', { state: this.prng.state() }));
  }

  next(): number {
    return this.prng.int32();
  }

  getState(): readonly number[] {
    const { c, s0, s1, s2 } = this.prng.state();
    return [c, s0, s1, s2];
  }
}

/** A whole number in [min, max], all equally likely. */
export function between(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min, max });
}

const SHARES = 1_048_576;

/**
 * A whole number in [min, max], min >= 1, every doubling equally likely. Doublings only: Math.log
 * is not the same on every engine.
 */
export function logBetween(min: number, max: number): fc.Arbitrary<number> {
  const bases = [min];
  for (let base = min * 2; base <= max; base *= 2) bases.push(base);
  const last = bases.length - 1;
  return fc.tuple(fc.nat(last), fc.nat(SHARES - 1)).map(([octave, share]) => {
    const low = bases[octave]!;
    const high = octave === last ? max : low * 2 - 1;
    return low + Math.floor(((high - low + 1) * share) / SHARES);
  });
}

/** True in this many of a hundred draws. */
export function percent(share: number): fc.Arbitrary<boolean> {
  return fc.integer({ min: 0, max: 99 }).map((place) => place < share);
}

/** Always this value. */
export function constant<T>(value: T): fc.Arbitrary<T> {
  return fc.constant(value);
}

/** One of the values (or of the arbitraries), as often as its whole-number weight says. */
export function weighted<T>(
  ...choices: readonly (readonly [weight: number, choice: T | fc.Arbitrary<T>])[]
): fc.Arbitrary<T> {
  return fc.oneof(
    ...choices.map(([weight, choice]) => ({
      weight,
      arbitrary: choice instanceof fc.Arbitrary ? choice : fc.constant(choice),
    })),
  );
}

/** `count` different items of a list, in the list's order. */
export function drawSome<T>(draw: Draw, items: readonly T[], count: number): T[] {
  const chosen: T[] = [];
  for (let i = 0; i < items.length; i += 1) {
    const place = draw(PLACE) % (items.length - i);
    if (place < count - chosen.length) chosen.push(items[i]!);
  }
  return chosen;
}

/** One item of a list, all equally likely. */
export function drawOne<T>(draw: Draw, items: readonly T[]): T {
  return items[draw(PLACE) % items.length]!;
}

/** The items in random order. */
export function drawOrder<T>(draw: Draw, items: readonly T[]): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = draw(PLACE) % (i + 1);
    const moved = order[i]!;
    order[i] = order[j]!;
    order[j] = moved;
  }
  return order;
}

/** Divisible by every number up to 16, so that a remainder of it is even. */
const PLACE = fc.nat(720_720 * 100 - 1);
