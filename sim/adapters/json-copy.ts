/** Copies of what a program in this process answers, as if it had come over a wire. */
import type { Json } from '../protocol/json.ts';
import { show } from '../usage-error.ts';

/** What JSON cannot carry, and where it stands. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/** Deeper values are nested in themselves, or might as well be. */
const DEPTH_MAX = 200;

/** A deep copy; fields that are undefined are left out. Throws a JsonError. */
export function jsonCopy(value: unknown, path: string, depth = 0): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      throw new JsonError(`${path} is ${value}, which JSON cannot carry`);
    case 'object':
      if (value === null) return null;
      if (depth > DEPTH_MAX) throw new JsonError(`${path} is nested too deep, or in itself`);
      return Array.isArray(value)
        ? copyList(value, path, depth + 1)
        : copyGroup(value, path, depth + 1);
    default:
      throw new JsonError(`${path} is ${wordsFor(value)}, which JSON cannot carry`);
  }
}

function copyList(list: readonly unknown[], path: string, depth: number): Json[] {
  const copy: Json[] = new Array(list.length);
  for (let i = 0; i < list.length; i += 1) {
    const item = list[i];
    copy[i] = isScalar(item) ? item : jsonCopy(item, `${path}[${i}]`, depth);
  }
  return copy;
}

function copyGroup(group: object, path: string, depth: number): Json {
  if (group instanceof Map || group instanceof Set || ArrayBuffer.isView(group)) {
    const name = group.constructor.name;
    throw new JsonError(`${path} is a ${name}, which JSON cannot carry: send a list or an object`);
  }
  const toJson: unknown = (group as { toJSON?: unknown }).toJSON;
  if (typeof toJson === 'function') {
    return jsonCopy((group as { toJSON(): unknown }).toJSON(), path, depth);
  }
  const copy: Record<string, Json> = {};
  for (const key of Object.keys(group)) {
    const item = (group as Record<string, unknown>)[key];
    if (item === undefined) continue;
    const kept = isScalar(item) ? item : jsonCopy(item, `${path}.${key}`, depth);
    if (key !== '__proto__') copy[key] = kept;
    else Object.defineProperty(copy, key, { value: kept, enumerable: true, configurable: true });
  }
  return copy;
}

function isScalar(value: unknown): value is string | boolean {
  return typeof value === 'string' || typeof value === 'boolean';
}

function wordsFor(value: unknown): string {
  return value === undefined ? 'undefined' : `a ${typeof value} (${show(value)})`;
}
