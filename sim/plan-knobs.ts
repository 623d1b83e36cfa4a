/** The kinds of knobs that a plan file is made of. */
import { z } from 'zod';

/** Some eleven days: sums of times stay exact. */
export const TIME_US_MAX = 1_000_000_000_000;
const PPM_MAX = 1_000_000;

export const count = (min: number, max: number) => z.int().min(min).max(max);
export const timeUs = count(0, TIME_US_MAX);
export const lengthUs = count(1, TIME_US_MAX);
export const ppm = count(0, PPM_MAX);
export const node = count(1, 7);
export const nodeOrNone = count(0, 7);
export const term = count(1, 1_000_000);
export const timer = z.string().min(1).describe('Name of a timer, for example "election".');
