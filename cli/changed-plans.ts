/**
 * Files of failing plans that no seed generates: a guided search has made them, and their replay
 * lines name the file. The name is a hash of the plan, so that equal campaigns print equal lines.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEPT_MAX } from '../sim/campaign/tally.ts';
import type { NamedRun } from '../sim/campaign/task.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { FOLDER } from './results-file.ts';
import { makeFolderOf } from './writable.ts';

export function changedPlanPath(plan: Plan): string {
  const hash = createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 16);
  return join(FOLDER, 'plans', `${hash}.json`);
}

export class ChangedPlans {
  private count = 0;
  /** Why plans are missing, once that is known: one sentence. */
  problem: string | null = null;

  /** Writes the plan of a failure where no seed generates it; of very many failures, the first. */
  keep({ plan }: NamedRun): void {
    if (plan === undefined || this.count === KEPT_MAX) return;
    this.count += 1;
    const path = changedPlanPath(plan);
    try {
      makeFolderOf(path);
      writeFileSync(path, `${JSON.stringify(plan, null, 2)}\n`);
    } catch (error) {
      this.problem ??= `Not all failing plans could be written to ${path}: ${(error as Error).message}.`;
    }
  }
}
