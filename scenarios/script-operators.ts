/** What the operators of a script ask, and when. */
import type { AdminRequest } from '../core/contract.ts';
import type { NodeId } from '../core/messages.ts';
import type { OperatorPlan } from '../sim/kernel/plan.ts';
import { type ScriptOptions, toUs } from './script-options.ts';

/** Default: operator 1 asks whom it takes for the leader. */
export interface AskSketch {
  /** Whom it asks first; it follows redirects. 0: whom it takes for the leader. */
  readonly node?: NodeId;
  /** Which operator, from 1. What one has asked for ends before it asks for the next. */
  readonly by?: number;
}

/** Default: no learners. */
export interface ChangeSketch extends AskSketch {
  readonly learners?: readonly NodeId[];
}

export interface Asked {
  readonly by: number;
  readonly atUs: number;
  readonly node: NodeId;
  readonly request: AdminRequest;
}

/** Each operator's requests by time; those of one time as they were said. */
export function operatorsOf(options: ScriptOptions, asked: readonly Asked[]): OperatorPlan[] {
  const timeoutUs = toUs(options.operatorTimeoutMs ?? 2_000);
  const names = [...new Set(asked.map(({ by }) => by))].sort((a, b) => a - b);
  return names.map((name) => ({
    requests: asked
      .filter(({ by }) => by === name)
      .sort((a, b) => a.atUs - b.atUs)
      .map(({ atUs, node, request }) => ({ atUs, node, request })),
    timeoutUs,
  }));
}
