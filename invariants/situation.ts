/**
 * Named situations, counted: a campaign that never got into one of them has not tested what is
 * special about it. Counters only; no verdict rests on them.
 */
export interface Situation {
  readonly id: string;
  readonly sentence: string;
  /** Its place in the order of reports. */
  readonly place: number;
  /** A campaign of the reference over so many seeds must have got there; null: no number is known. */
  readonly seedsMin: number | null;
  /** Only seeds whose plan turns this on count; null: all do. */
  readonly needs: Need | null;
}

/** Parts of Raft that a plan turns on or leaves out. */
export type Need =
  | 'snapshots'
  | 'membership'
  | 'preVote'
  | 'checkQuorum'
  | 'transfer'
  | 'readIndex'
  | 'lease'
  | 'sessions'
  | 'operations'
  | 'clocks';

const registered: Situation[] = [];

/** Registers a situation; places follow the order of calls. */
export function situation(
  id: string,
  sentence: string,
  seedsMin: number | null = 1_000,
  needs: Need | null = null,
): Situation {
  const made: Situation = { id, sentence, place: registered.length, seedsMin, needs };
  registered.push(made);
  return made;
}

/** What has been registered so far, in order. */
export function situationsSoFar(): readonly Situation[] {
  return [...registered];
}

/** Hits of one run. */
export class Situations {
  private readonly counts = new Int32Array(registered.length);

  count(happened: Situation): void {
    this.counts[happened.place]! += 1;
  }

  /** Hits by situation id, zeros included, in the order of reports. */
  toRecord(): Record<string, number> {
    const record: Record<string, number> = {};
    for (const { id, place } of registered) record[id] = this.counts[place]!;
    return record;
  }
}
