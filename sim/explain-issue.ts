/**
 * Turns what the schema found into what a user reads: what was expected, what came, where, and what
 * was probably meant. The words come from the JSON Schema, so that they cannot differ from it.
 */
import type { z } from 'zod';
import type { JsonSchema } from './plan-schema.ts';
import { nearestName, show } from './usage-error.ts';

export interface Explanation {
  /** Keys and 0-based places from the root. */
  readonly path: readonly (string | number)[];
  readonly expected: string;
  readonly got: string;
  readonly nearest: string | null;
}

type Issue = z.core.$ZodIssue;
type Key = string | number;

/** The finding that says most about the input: a wrong key before a wrong value. */
export function explain(issues: readonly Issue[], root: unknown, whole: JsonSchema): Explanation {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  let schema = whole;
  let value = root;
  for (const key of path) {
    schema = partOf(schema, value, key);
    value =
      isGroup(value) || Array.isArray(value) ? (value as Record<Key, unknown>)[key] : undefined;
  }
  if (issue.code === 'unrecognized_keys') {
    return explainKey(path, issue.keys[0]!, keysOf(branchFor(schema, value)));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0 && isGroup(value)) {
    const branches = branchesOf(schema);
    const place = branches.indexOf(branchFor(schema, value));
    const inner = issue.errors[place];
    if (inner !== undefined && knownKeys(branches[place]!, value) > 0) {
      const moved = inner.map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
      return explain(moved, root, whole);
    }
    const [came] = Object.keys(value);
    if (came !== undefined) return explainKey(path, came, branches.flatMap(keysOf));
  }
  const nearest = typeof value === 'string' ? nearestName(value, choicesOf(schema)) : null;
  return { path, expected: describe(schema), got: show(value), nearest };
}

function explainKey(path: readonly Key[], came: string, keys: readonly string[]): Explanation {
  const expected = keys.length === 0 ? 'no key here' : `a key out of ${keys.join(', ')}`;
  return {
    path: [...path, came],
    expected,
    got: JSON.stringify(came),
    nearest: nearestName(came, keys),
  };
}

/** What a valid value looks like, in words. */
function describe(schema: JsonSchema): string {
  const branches = branchesOf(schema);
  if (branches.length > 1) {
    const groups = branches.filter(({ type }) => type !== 'null');
    const words = groups.every(({ type }) => type === 'object')
      ? [
          `a group of keys (${[...new Set(groups.map((group) => keysOf(group)[0]))].join(' or ')}, …)`,
        ]
      : groups.map(describe);
    return (groups.length < branches.length ? [...words, 'null'] : words).join(' or ');
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const choices = choicesOf(schema);
  if (choices.length > 0) return `one of ${choices.join(', ')}`;
  switch (schema.type) {
    case 'integer':
      return `a whole number from ${schema.minimum} to ${schema.maximum}`;
    case 'string':
      return `text of 1 to ${schema.maxLength ?? 'any number of'} characters, in quotes`;
    case 'boolean':
      return 'true or false';
    case 'array':
      if (Array.isArray(schema.items)) return `a pair ${schema.description}`;
      return `a list of ${schema.minItems ?? 0} to ${schema.maxItems} items`;
    default:
      return `a group of keys (${keysOf(schema).join(', ')})`;
  }
}

/** The schema of a member of `value`. */
function partOf(schema: JsonSchema, value: unknown, key: Key): JsonSchema {
  const branch = branchFor(schema, value);
  if (typeof key === 'number') {
    const items = branch.items as JsonSchema | JsonSchema[];
    return Array.isArray(items) ? { ...items[key] } : items;
  }
  const parts = branchesOf(schema).map((other) => other.properties?.[key] as JsonSchema);
  const names = parts.map((part) => part?.const);
  if (names.length > 1 && names.every((name) => typeof name === 'string')) return { enum: names };
  return branch.properties?.[key] as JsonSchema;
}

/** Of several shapes the one that this value fits, or almost fits. */
function branchFor(schema: JsonSchema, value: unknown): JsonSchema {
  const scores = branchesOf(schema).map((branch) => ({ branch, known: knownKeys(branch, value) }));
  const best = scores.reduce((a, b) => (b.known > a.known ? b : a));
  return best.branch;
}

/** How many keys of the value this shape knows; a name of the shape that is wrong weighs most. */
function knownKeys(branch: JsonSchema, value: unknown): number {
  if (branch.type === 'array') return Array.isArray(value) ? 1 : 0;
  if (!isGroup(value)) return 0;
  let known = 0;
  for (const [key, part] of Object.entries(branch.properties ?? {})) {
    if (!(key in value)) continue;
    const name = (part as JsonSchema).const;
    known += name === undefined || name === value[key] ? 1 : -100;
  }
  return known;
}

function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  return (schema.anyOf ?? schema.oneOf ?? [schema]) as readonly JsonSchema[];
}

function keysOf(schema: JsonSchema): string[] {
  return Object.keys(schema.properties ?? {});
}

function choicesOf(schema: JsonSchema): string[] {
  if (typeof schema.const === 'string') return [schema.const];
  return (schema.enum ?? []).filter((choice) => typeof choice === 'string');
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
