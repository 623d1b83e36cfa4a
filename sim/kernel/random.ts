/**
 * The one door to randomness. Everything random is drawn from a named stream, a seedrandom `alea`
 * seeded with a string, so that a draw more in one place moves nothing in another.
 */
import seedrandom from 'seedrandom';

/** Draws from [0, 1), 32 bits; equal for equal names and seeds on every machine. */
export type Stream = () => number;

/** The stream of this name in the run of this seed, for example `net/1>2` or `timer/3/election`. */
export function openStream(seed: string, name: string): Stream {
  return seedrandom.alea(`${seed}/${name}`);
}

/** A whole number in [min, max], both inclusive; max - min < 2^32. Exactly one draw. */
export function decide(stream: Stream, min: number, max: number): number {
  return min + Math.floor(stream() * (max - min + 1));
}

/**
 * A share of one draw u in [0, 1) as a log-uniform whole number in [min, max], min >= 1: every
 * doubling is equally likely. Doublings only: Math.log is not the same on every engine.
 */
export function logUniform(u: number, min: number, max: number): number {
  let octaves = 1;
  for (let top = min * 2; top < max; top *= 2) octaves += 1;
  const place = u * octaves;
  const octave = Math.floor(place);
  let base = min;
  for (let i = 0; i < octave; i += 1) base *= 2;
  return Math.min(max, Math.floor(base * (1 + place - octave)));
}
