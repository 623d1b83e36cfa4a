/** Holds a run against a recorded one while it happens. */
import { isDeepStrictEqual } from 'node:util';
import { type NameOf, serverName } from '../timeline/server-name.ts';
import { type Divergence, divergenceAt } from './divergence.ts';
import { FactRecords } from './fact-records.ts';
import type { TraceRecord } from './format.ts';

/** Records nothing: compares every record with the recorded one, until one differs. */
export class Comparison extends FactRecords {
  private readonly recorded: readonly TraceRecord[];
  private readonly nameOf: NameOf;
  private place = 0;
  /** The replayed record at `place`; null when all were equal so far. */
  private different: TraceRecord | null = null;

  constructor(recorded: readonly TraceRecord[], nameOf: NameOf = serverName) {
    super();
    this.recorded = recorded;
    this.nameOf = nameOf;
  }

  /** Call when the run is over. */
  divergence(): Divergence | null {
    this.closeOpenStep();
    const isCut = this.different === null && this.place < this.recorded.length;
    if (this.different === null && !isCut) return null;
    const before = this.recorded.slice(0, this.place);
    return divergenceAt(before, this.recorded[this.place] ?? null, this.different, this.nameOf);
  }

  protected override take(record: TraceRecord): void {
    if (this.different !== null) return;
    if (isDeepStrictEqual(this.recorded[this.place], record)) this.place += 1;
    else this.different = record;
  }
}
