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
  const typed = came.toLowerCase();
  let nearest: string | null = null;
  let editsMin = Number.POSITIVE_INFINITY;
  for (const name of valid) {
    const meant = name.toLowerCase();
    const edits = distance(typed, meant);
    const isSlip = edits <= Math.max(1, Math.floor(meant.length / 3)) && edits < meant.length;
    const isBeginning = typed.length > 1 && (meant.startsWith(typed) || typed.startsWith(meant));
    if (edits >= editsMin || !(isSlip || isBeginning)) continue;
    nearest = name;
    editsMin = edits;
  }
  return nearest;
}

const SHOWN_CHARACTERS_MAX = 60;

/** A value as it stands in an error sentence: short, on one line. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'string': {
      if (value.length <= SHOWN_CHARACTERS_MAX) return JSON.stringify(value);
      return `${JSON.stringify(value.slice(0, SHOWN_CHARACTERS_MAX))}…`;
    }
    case 'object':
      return value === null ? 'null' : showMembers(value);
    default:
      return String(value);
  }
}

/** Short lists and groups of plain values are shown, others only named. */
function showMembers(value: object): string {
  const members: unknown[] = Object.values(value);
  const isPlain = members.length <= 8 && members.every((member) => typeof member !== 'object');
  const text = isPlain ? JSON.stringify(value) : '';
  if (text !== '' && text.length <= SHOWN_CHARACTERS_MAX) return text;
  return Array.isArray(value) ? `a list of ${members.length} items` : 'a group of keys';
}
