/**
 * Copies of what servers made, with their keys in one order: whatever the order in which an
 * implementation builds its objects, equal values give equal text.
 */

/** In the order of Figure 2; keys that are not named follow in code unit order. */
const KEYS = [
  'kind',
  'id',
  'term',
  'leaderId',
  'candidateId',
  'prevLogIndex',
  'prevLogTerm',
  'lastLogIndex',
  'lastLogTerm',
  'voteGranted',
  'success',
  'matchIndex',
  'conflictTerm',
  'conflictIndex',
  'currentTerm',
  'votedFor',
  'index',
  'entries',
  'leaderCommit',
  'command',
  'clientId',
  'seq',
  'op',
  'readOnly',
];

const OWN = { enumerable: true, configurable: true, writable: true };

const RANKS = new Map(KEYS.map((key, rank) => [key, rank]));

/** A deep copy that shares nothing with the original: what a server changes later is not in it. */
export function canonical<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  const source = value as Readonly<Record<string, unknown>>;
  const ordered: Record<string, unknown> = {};
  for (const key of Object.keys(source).sort(byRank)) {
    if (source[key] === undefined) continue;
    // Assigned to, this one would not become a key.
    if (key === '__proto__')
      Object.defineProperty(ordered, key, { ...OWN, value: copy(source[key]) });
    else ordered[key] = copy(source[key]);
  }
  return ordered;
}

function byRank(a: string, b: string): number {
  const difference = (RANKS.get(a) ?? KEYS.length) - (RANKS.get(b) ?? KEYS.length);
  if (difference !== 0) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}
