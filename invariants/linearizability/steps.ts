/** Operations as steps: what they did to which keys, as far as clients can tell. */
import { ABSENT, type Effect, ending, valueIn } from './effects.ts';
import type { Operation } from './history.ts';

export interface Step {
  readonly operation: Operation;
  /** One per key that it touches. */
  readonly effects: readonly Effect[];
  readonly invokedUs: number;
  /** Infinity for a step that may as well not have happened. */
  readonly returnedUs: number;
}

/** A history as steps, with keys and values as numbers. */
export interface Steps {
  readonly steps: readonly Step[];
  /** All keys, sorted: their places are their numbers. */
  readonly keys: readonly string[];
  /** An answer that is wrong whatever happened; null when there is none. */
  readonly absurd: Operation | null;
}

/** [key, value] pairs. */
type Pairs = readonly (readonly [string, string])[];

interface Parsed {
  readonly kind: 'get' | 'put' | 'cas' | 'putttl' | 'range' | 'other';
  readonly key: string;
  /** EXPECTED of a swap, TO of a range. */
  readonly operand: string;
  readonly value: string;
}

/** What never happened, and what clients could not see, is left out. */
export function stepsOf(operations: readonly Operation[]): Steps {
  const numbers = new Map<string, number>();
  const number = (value: string): number => {
    const known = numbers.get(value);
    if (known !== undefined) return known;
    numbers.set(value, numbers.size + 1);
    return numbers.size;
  };
  const parsed = operations.map(({ op }) => parse(op));
  const keys = keysOf(operations, parsed);
  const places = new Map(keys.map((key, place) => [key, place]));
  const steps: Step[] = [];
  for (const [i, operation] of operations.entries()) {
    if (operation.outcome === 'fail') continue;
    const effects =
      operation.outcome === 'ok'
        ? effectsOf(parsed[i]!, operation.value, keys, places, number)
        : possibleEffects(parsed[i]!, places, number);
    if (effects === null) return { steps: [], keys, absurd: operation };
    if (effects.length === 0) continue;
    const { invokedUs, outcome } = operation;
    const returnedUs = outcome === 'ok' ? operation.returnedUs : Number.POSITIVE_INFINITY;
    steps.push({ operation, effects, invokedUs, returnedUs });
  }
  return { steps: withFreeReads(steps), keys, absurd: null };
}

/**
 * Where a write with a time to live was never answered, whoever finds nothing from then on may have
 * it to thank for that. How often it could have been, is not counted.
 */
function withFreeReads(steps: readonly Step[]): Step[] {
  const since = new Map<number, number>();
  for (const { effects, returnedUs, invokedUs } of steps) {
    for (const { key, writes } of effects) {
      if (returnedUs < Number.POSITIVE_INFINITY || writes === null) continue;
      if (valueIn(writes) !== writes && invokedUs < (since.get(key) ?? Infinity)) {
        since.set(key, invokedUs);
      }
    }
  }
  if (since.size === 0) return steps.slice();
  return steps.map((step) => {
    const effects = step.effects.map((one) => {
      const isFree = one.reads === ABSENT && step.returnedUs >= (since.get(one.key) ?? Infinity);
      return isFree ? { ...one, isFree } : one;
    });
    return { ...step, effects };
  });
}

function effect(key: number, reads: number | null, writes: number | null): Effect {
  return { key, reads, writes, isFree: false };
}

/** What an operation did that gave this answer; null when none can give it. */
function effectsOf(
  { kind, key, operand, value }: Parsed,
  answer: string | null,
  keys: readonly string[],
  places: ReadonlyMap<string, number>,
  number: (value: string) => number,
): Effect[] | null {
  const place = places.get(key)!;
  const found = (text: string | null): number => (text === null ? ABSENT : number(text));
  switch (kind) {
    case 'get':
      return [effect(place, found(answer), null)];
    case 'put':
      return answer === null ? [effect(place, null, number(value))] : null;
    case 'putttl':
      return answer === null ? [effect(place, null, ending(number(value)))] : null;
    case 'cas': {
      if (answer === 'swapped') return [effect(place, number(operand), number(value))];
      if (answer === 'missing') return [effect(place, ABSENT, null)];
      const held = answer?.startsWith('found ') ? answer.slice('found '.length) : operand;
      return held === operand ? null : [effect(place, number(held), null)];
    }
    case 'range': {
      const pairs = pairsIn(answer);
      if (pairs === null || !isSortedWithin(pairs, key, operand)) return null;
      const values = new Map(pairs);
      return keys
        .filter((name) => key <= name && name <= operand)
        .map((name) => effect(places.get(name)!, found(values.get(name) ?? null), null));
    }
    case 'other':
      return [];
  }
}

/** What an operation does, if it happens, whose answer nobody got: reads do nothing. */
function possibleEffects(
  { kind, key, operand, value }: Parsed,
  places: ReadonlyMap<string, number>,
  number: (value: string) => number,
): Effect[] {
  const place = places.get(key)!;
  switch (kind) {
    case 'put':
      return [effect(place, null, number(value))];
    case 'putttl':
      return [effect(place, null, ending(number(value)))];
    case 'cas':
      return [effect(place, number(operand), number(value))];
    default:
      return [];
  }
}

/** Every key that is named, or that a range has shown. */
function keysOf(operations: readonly Operation[], parsed: readonly Parsed[]): string[] {
  const keys = new Set<string>();
  for (const [i, { kind, key }] of parsed.entries()) {
    if (kind === 'range') {
      for (const [shown] of pairsIn(operations[i]!.value) ?? []) keys.add(shown);
    } else if (kind !== 'other') {
      keys.add(key);
    }
  }
  return [...keys].sort((a, b) => (a < b ? -1 : 1));
}

function isSortedWithin(pairs: Pairs, from: string, to: string): boolean {
  return pairs.every(([key], i) => {
    return from <= key && key <= to && (i === 0 || pairs[i - 1]![0] < key);
  });
}

function pairsIn(answer: string | null): Pairs | null {
  if (answer === null) return null;
  try {
    const pairs = JSON.parse(answer) as Pairs;
    const isPair = (pair: unknown): boolean =>
      Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'string');
    return Array.isArray(pairs) && pairs.every(isPair) ? pairs : null;
  } catch {
    return null;
  }
}

function parse(op: string): Parsed {
  const get = /^get (.*)$/s.exec(op);
  if (get !== null) return { kind: 'get', key: get[1]!, operand: '', value: '' };
  const put = /^put ([^ ]*) (.*)$/s.exec(op);
  if (put !== null) return { kind: 'put', key: put[1]!, operand: '', value: put[2]! };
  const range = /^range ([^ ]*) (.*)$/s.exec(op);
  if (range !== null) return { kind: 'range', key: range[1]!, operand: range[2]!, value: '' };
  const longer = /^(cas|putttl) ([^ ]*) ([^ ]*) (.*)$/s.exec(op);
  if (longer === null) return { kind: 'other', key: '', operand: '', value: '' };
  const [, name, key = '', operand = '', value = ''] = longer;
  if (name === 'cas') return { kind: 'cas', key, operand, value };
  const isLifetime = /^[1-9][0-9]{0,14}$/.test(operand);
  return { kind: isLifetime ? 'putttl' : 'other', key, operand: '', value };
}
