/** One thing worth telling: a sentence with its place in the run, and how much it matters. */
import type { NodeId } from '../../core/messages.ts';
import { type NameOf, serverName } from '../timeline/server-name.ts';

export interface Beat {
  /** The step in which it happened; of a fact between steps the step before it. */
  readonly step: number;
  readonly atUs: number;
  /** The servers that it is about, the actor first; neighbours with the same `key` are drawn together. */
  readonly nodes: readonly NodeId[];
  /** Beats with the same key say the same of different servers; null: it stands alone. */
  readonly key: string | null;
  /** 0 (hardly worth a word) to 100. */
  readonly weight: number;
  /** Told by another beat of this key, if that one is told. */
  readonly within: string | null;
  /** A message came in: what the server made of it is told apart. */
  readonly isArrival: boolean;
  /** A write is done: of interest to the server that says what rests on it. */
  readonly isDisk: boolean;
  /** A fact of the world, which no step caused. */
  readonly isWorld: boolean;
  /** What happened to "S1", or to "S1 and S2", as a sentence without its full stop. */
  readonly text: (names: string) => string;
}

/** "S1", "S1 and S2", "S1, S2 and S3". */
export function names(nodes: readonly NodeId[], nameOf: NameOf = serverName): string {
  const all = nodes.map(nameOf);
  if (all.length < 2) return all[0] ?? 'nobody';
  return `${all.slice(0, -1).join(', ')} and ${all[all.length - 1]!}`;
}

/** "votes" of one, "vote" of several. */
export function verb(subject: string, ofOne: string, ofSeveral: string): string {
  return subject.includes(' and ') ? ofSeveral : ofOne;
}

/** "index 3", "indexes 3 and 4", "indexes 3 to 5". */
export function indexes(first: number, last: number): string {
  if (last <= first) return `index ${first}`;
  return `indexes ${first} ${last === first + 1 ? 'and' : 'to'} ${last}`;
}

/** "12 ms", "0.4 ms". */
export function duration(us: number): string {
  return us < 10_000 ? `${Math.round(us / 100) / 10} ms` : `${Math.round(us / 1000)} ms`;
}
