/** Copies of what a program in this process answers, as if it had come over a wire. */
import type { Json } from '../protocol/json.ts';
import { show } from '../usage-error.ts';

/** What JSON cannot carry, and where it stands. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/** Deeper values are nested in themselves, or might as well be. */
const DEPTH_MAX = 200;

/** Where the value that cannot be carried stands, from the inside out, and what it is. */
class Uncarried {
  readonly steps: string[] = [];
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

/** A deep copy, for those who will say where it fails by another one: throws anything then. */
export function bareCopy(value: unknown): Json {
  return copy(value, 0);
}

/** A deep copy; fields that are undefined are left out. Throws a JsonError. */
export function jsonCopy(value: unknown, name: string): Json {
  try {
    return copy(value, 0);
  } catch (error) {
    if (!(error instanceof Uncarried)) throw error;
    const path = error.steps.slice(-8).reverse().join('');
    throw new JsonError(`${name}${path} is ${error.what}`);
  }
}

function copy(value: unknown, depth: number): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      throw new Uncarried(`${value}, which JSON cannot carry`);
    case 'object':
      if (value === null) return null;
      if (depth > DEPTH_MAX) throw new Uncarried('nested too deep, or in itself');
      return Array.isArray(value) ? copyList(value, depth + 1) : copyGroup(value, depth + 1);
    case 'undefined':
      throw new Uncarried('undefined, which JSON cannot carry');
    default:
      throw new Uncarried(`a ${typeof value} (${show(value)}), which JSON cannot carry`);
  }
}

function copyList(list: readonly unknown[], depth: number): Json[] {
  const kept: Json[] = [];
  let place = 0;
  try {
    for (; place < list.length; place += 1) kept.push(copy(list[place], depth));
  } catch (error) {
    if (error instanceof Uncarried) error.steps.push(`[${place}]`);
    throw error;
  }
  return kept;
}

function copyGroup(group: object, depth: number): Json {
  if (Object.getPrototypeOf(group) !== Object.prototype) {
    const text = textBehind(group);
    if (text !== undefined) return copy(text, depth);
  }
  const kept: Record<string, Json> = {};
  let key = '';
  try {
    for (key of Object.keys(group)) {
      const item = (group as Record<string, unknown>)[key];
      if (item === undefined) continue;
      if (key !== '__proto__') kept[key] = copy(item, depth);
      else setOwn(kept, key, copy(item, depth));
    }
  } catch (error) {
    if (error instanceof Uncarried) error.steps.push(`.${key}`);
    throw error;
  }
  return kept;
}

function setOwn(record: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true });
}

/** What an object of a class makes of itself for JSON; undefined when it says nothing. */
function textBehind(group: object): unknown {
  const { toJSON } = group as { toJSON?: unknown };
  if (typeof toJSON === 'function') return (toJSON as () => unknown).call(group);
  if (!(group instanceof Map || group instanceof Set || ArrayBuffer.isView(group)))
    return undefined;
  const { name } = group.constructor;
  throw new Uncarried(`a ${name}, which JSON cannot carry: send a list or an object`);
}
