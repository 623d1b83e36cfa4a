/** What a judge knows of a run so far, and what it makes of it. */
import { assert } from './assert.ts';
import { Docket } from './docket.ts';
import { Settling } from './folds/settling.ts';
import type { JudgeOptions, Verdict } from './judge-options.ts';
import { Ledgers } from './ledgers/ledgers.ts';
import type { Violation } from './violation.ts';

export class Findings {
  /** What is known so far; others may read it. */
  readonly ledgers: Ledgers;
  protected readonly docket: Docket;
  protected readonly settling: Settling;
  private readonly stopAtFirst: boolean;

  constructor(options: JudgeOptions) {
    const { size, members, disabled, stopAtFirst } = options;
    assert(size >= 1 && size <= 7, 'a cluster has 1 to 7 servers', size);
    assert(members >= 1 && members <= size, 'it starts with 1 to all of them', members, size);
    this.stopAtFirst = stopAtFirst;
    this.docket = new Docket(disabled, stopAtFirst);
    this.ledgers = new Ledgers(options, this.docket);
    this.settling = new Settling(this.ledgers, options);
  }

  /** The first hit of each property, in the order of the run. */
  get violations(): readonly Violation[] {
    return this.docket.violations;
  }

  get firstViolation(): Violation | null {
    return this.docket.violations[0] ?? null;
  }

  /** Nothing more is to be learnt from this run. */
  get isDecided(): boolean {
    return this.settling.isStuck || (this.stopAtFirst && this.docket.violations.length > 0);
  }

  get verdict(): Verdict {
    if (this.docket.violations.length > 0) return 'violation';
    return this.settling.excuse === null ? 'pass' : 'excused';
  }

  /** Why a stuck run is excused: a sentence; null when it is not. */
  get excuse(): string | null {
    return this.settling.excuse;
  }

  /** Hits of each named situation. */
  get situations(): Readonly<Record<string, number>> {
    return this.ledgers.situations.toRecord();
  }

  /** Counts for reports. */
  get statistics(): Readonly<Record<string, number>> {
    return { ...this.ledgers.statistics };
  }

  /** Have the logs of the core become the same, on disk and applied, under one leader? */
  isConverged(): boolean {
    return this.settling.isConverged();
  }

  /** Has nothing moved for too long? Judged at `inspected`. */
  isStuck(): boolean {
    return this.settling.isStuck;
  }

  /** What the core still has to do, as a sentence. */
  pendingReason(): string {
    const missing = this.settling.missing();
    return missing === null ? 'Settled: all logs are the same.' : `Not settled: ${missing}.`;
  }
}
