/** Runs and their traces, as text and parsed. */
import type { Plan } from '../../sim/kernel/plan.ts';
import type { Implementation, RunResult } from '../../sim/run.ts';
import type { Trace } from '../../sim/trace/format.ts';
import { parseTrace } from '../../sim/trace/reader.ts';
import { recordRun } from '../../sim/trace/record-run.ts';
import { reference } from './implementations.ts';

export const judged = { disabled: new Set<string>(), stopAtFirst: true };

export interface Traced {
  readonly result: RunResult;
  readonly lines: readonly string[];
  readonly text: string;
  readonly trace: Trace;
}

export function traced(plan: Plan, implementation: Implementation = reference): Traced {
  const lines: string[] = [];
  const result = recordRun({ plan, implementation, hash: null, options: judged }, (line) =>
    lines.push(line),
  );
  const text = textOf(lines);
  return { result, lines, text, trace: parseTrace(text) };
}

export function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
