/** What hashes of states are made of: values folded into a number, one after the other. */
import type { Configuration } from './messages.ts';

/** FNV-1a over whole numbers instead of bytes, with a shift so that high bits reach low ones. */
export function mix(hash: number, value: number): number {
  const product = Math.imul(hash ^ value, 0x01000193);
  return product ^ (product >>> 15);
}

export function mixNumbers(hash: number, values: readonly number[]): number {
  let mixed = mix(hash, values.length);
  for (const value of values) mixed = mix(mixed, value);
  return mixed;
}

export function mixText(hash: number, text: string): number {
  let mixed = mix(hash, text.length);
  for (let at = 0; at < text.length; at += 1) mixed = mix(mixed, text.charCodeAt(at));
  return mixed;
}

export function mixConfiguration(hash: number, configuration: Configuration): number {
  const { voters, newVoters, learners } = configuration;
  const mixed = mixNumbers(mixNumbers(hash, voters), learners);
  return newVoters === null ? mix(mixed, -1) : mixNumbers(mixed, newVoters);
}
