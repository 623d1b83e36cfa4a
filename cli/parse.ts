/** What users type behind options, as values. Each throws a UsageError: one sentence. */
import type { Sample } from '../sim/campaign/sample.ts';
import { parseSeed } from '../sim/seed.ts';
import { nearestName, show, UsageError, unexpected } from '../sim/usage-error.ts';
import type { Versions } from '../sim/versions.ts';

/** yargs makes a list of an option that is given twice. */
export type Typed = string | readonly string[] | undefined;

/** The text of an option; null when it was not given. */
export function textOf(name: string, typed: Typed): string | null {
  if (typed === undefined) return null;
  if (typeof typed === 'string') return typed;
  throw new UsageError(`Expected ${name} once, got it ${typed.length} times.`);
}

export function seedOf(name: string, typed: Typed): string | null {
  const text = textOf(name, typed);
  return text === null ? null : parseSeed(text);
}

/** A whole number from 1 to `max`. */
export function countOf(name: string, typed: Typed, max: number): number | null {
  const text = textOf(name, typed);
  if (text === null) return null;
  const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  throw wrong(`a whole number from 1 to ${max}`, text, name);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const DURATION_MS_MAX = 7 * 24 * 3_600_000;

/** "60s", "500ms", "5m", "2h", in milliseconds. */
export function durationMsOf(name: string, typed: Typed): number | null {
  const text = textOf(name, typed);
  if (text === null) return null;
  const [, digits, unit] = /^([0-9]{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(digits ?? 0) * (UNITS[unit ?? ''] ?? 0);
  if (ms >= 1 && ms <= DURATION_MS_MAX) return ms;
  throw wrong('a time from 1ms to 168h, for example 60s', text, name);
}

/** "2/4" is the second of four. */
export function shardOf(name: string, typed: Typed): { index: number; of: number } | null {
  const text = textOf(name, typed);
  if (text === null) return null;
  const [, first, second] = /^([0-9]{1,6})\/([0-9]{1,6})$/.exec(text) ?? [];
  const index = Number(first ?? 0);
  const of = Number(second ?? 0);
  if (index >= 1 && index <= of) return { index, of };
  throw wrong('a shard i/n with 1 <= i <= n, for example 2/4', text, name);
}

/** "all", "none" or how many. */
export function sampleOf(name: string, typed: Typed): Sample {
  const text = textOf(name, typed);
  if (text === null) return { kind: 'few' };
  if (text === 'all' || text === 'none') return { kind: text };
  const count = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
  if (count > 0) return { kind: 'count', count };
  throw wrong('a number of runs, all or none', text, name);
}

/** "1.2.3": schema, generator and engine, as replay lines have them. */
export function versionsOf(name: string, typed: Typed): Versions | null {
  const text = textOf(name, typed);
  if (text === null) return null;
  const [, schema, generator, engine] = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(text) ?? [];
  if (engine === undefined) throw wrong('versions as a replay line has them, 3.3.3', text, name);
  return { schema: Number(schema), generator: Number(generator), engine: Number(engine) };
}

/** One of these names. `what` has its article: "a property". */
export function nameOf<Name extends string>(
  what: string,
  text: string,
  valid: readonly Name[],
): Name {
  const name = valid.find((one) => one === text);
  if (name !== undefined) return name;
  const nearest = nearestName(text, valid);
  throw unexpected({ expected: what, got: show(text), where: '', nearest });
}

function wrong(expected: string, text: string, where: string): UsageError {
  return unexpected({ expected, got: show(text), where, nearest: null });
}
