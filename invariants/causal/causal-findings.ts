/** What the causal judge knows of a run so far, and what it makes of it. */
import type { Violation } from '../violation.ts';
import { CausalLedgers } from './causal-ledgers.ts';
import type { CausalOptions } from './options.ts';
import { ProgramSettling } from './settling.ts';

export class CausalFindings {
  /** What is known so far; others may read it. */
  readonly ledgers: CausalLedgers;
  protected readonly settling: ProgramSettling;
  private readonly stopAtFirst: boolean;

  constructor(options: CausalOptions) {
    this.ledgers = new CausalLedgers(options);
    this.settling = new ProgramSettling(this.ledgers);
    this.stopAtFirst = options.stopAtFirst;
  }

  get violations(): readonly Violation[] {
    return this.ledgers.docket.violations;
  }

  get excuse(): string | null {
    return this.settling.excuse;
  }

  get isDecided(): boolean {
    return this.settling.isStuck || (this.stopAtFirst && this.violations.length > 0);
  }

  get situations(): Readonly<Record<string, number>> {
    return this.ledgers.situations.toRecord();
  }

  get statistics(): Readonly<Record<string, number>> {
    return { ...this.ledgers.statistics };
  }

  isConverged(): boolean {
    return this.settling.isConverged();
  }

  pendingReason(): string {
    const missing = this.settling.missing();
    return missing === null
      ? 'Settled: all servers have applied the same commands.'
      : `Not settled: ${missing}.`;
  }
}
