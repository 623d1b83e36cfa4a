import { distance } from 'fastest-levenshtein';

/** The input is wrong, not the program: one sentence for the user, and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = 2;
}

export interface Expectation {
  /** What would have been right, for example "a whole number from 1 to 7". */
  readonly expected: string;
  /** What came instead, as `show` prints it. */
  readonly got: string;
  /** Where, for example "faults[3].when.atUs, line 12"; empty when it is clear. */
  readonly where: string;
  /** A valid name that was probably meant, or null. */
  readonly nearest: string | null;
}

/** "Expected X, got Y (where). Did you mean Z?" */
export function expectationSentence({ expected, got, where, nearest }: Expectation): string {
  const place = where === '' ? '' : ` (${where})`;
  const hint = nearest === null ? '' : ` Did you mean ${JSON.stringify(nearest)}?`;
  return `Expected ${expected}, got ${got}${place}.${hint}`;
}

/** A UsageError that says what was expected, what came, where, and what was probably meant. */
export function unexpected(expectation: Expectation): UsageError {
  return new UsageError(expectationSentence(expectation));
}

/** The valid name that is closest to what came; null when none is close enough to be a slip. */
export function nearestName(came: string, valid: readonly string[]): string | null {
  let nearest: string | null = null;
  let nearestDistance = Math.max(2, Math.floor(came.length / 3)) + 1;
  for (const name of valid) {
    const edits = distance(came.toLowerCase(), name.toLowerCase());
    if (edits >= nearestDistance || edits >= name.length) continue;
    nearest = name;
    nearestDistance = edits;
  }
  return nearest;
}

const SHOWN_CHARACTERS_MAX = 60;

/** A value as it stands in an error sentence: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a group of keys';
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value);
  if (text.length <= SHOWN_CHARACTERS_MAX) return text;
  return `${text.slice(0, SHOWN_CHARACTERS_MAX)}…`;
}
