/** Faults of network and disk in the words of a script, and the actions of a plan they stand for. */
import type { Message, NodeId } from '../core/messages.ts';
import type { FaultAction } from '../sim/kernel/plan.ts';
import { toUs } from './script-options.ts';

type Direction = 'both' | 'in' | 'out';

/** Default: one message of any term, within a millisecond. */
export interface ExhumeSketch {
  readonly of?: 'earlierReign' | 'earlierTerm' | 'any';
  readonly count?: number;
  readonly withinMs?: number;
}

/** Default: both directions. */
export interface ClogSketch {
  readonly direction?: Direction;
  readonly forMs: number;
}

/** Default: both directions, and until the end of the faults. */
export interface InterfereSketch {
  readonly kind: Message['kind'];
  readonly how: 'drop' | 'delay' | 'duplicate';
  readonly direction?: Direction;
  /** How late a message is, or how long after the first its double comes. Default 0. */
  readonly delayMs?: number;
  readonly forMs?: number;
}

/** Default: all streams. */
export interface StallSketch {
  readonly stream?: 'hardState' | 'log' | 'snapshot';
  readonly forMs: number;
}

export interface SlowSketch {
  readonly factor: number;
  readonly forMs: number;
}

/** Default: the next write, of whatever stream. */
export interface FailWritesSketch {
  readonly stream?: 'hardState' | 'log' | 'snapshot';
  /** All writes until then: a full disk. */
  readonly forMs?: number;
}

export function exhumeOf(node: NodeId, sketch: ExhumeSketch): FaultAction {
  const { of = 'any', count = 1, withinMs = 1 } = sketch;
  return { do: 'exhume', node, of, count, withinUs: toUs(withinMs) };
}

export function clogOf(node: NodeId, { direction = 'both', forMs }: ClogSketch): FaultAction {
  return { do: 'clog', node, direction, forUs: toUs(forMs) };
}

export function interfereOf(node: NodeId, sketch: InterfereSketch): FaultAction {
  const { kind, how, direction = 'both', delayMs = 0, forMs } = sketch;
  const delayUs = toUs(delayMs);
  return { do: 'interfere', node, direction, kind, how, delayUs, forUs: usOrNull(forMs) };
}

export function stallOf(node: NodeId, { stream, forMs }: StallSketch): FaultAction {
  return { do: 'stall', node, stream: stream ?? null, forUs: toUs(forMs) };
}

export function slowOf(node: NodeId, { factor, forMs }: SlowSketch): FaultAction {
  return { do: 'slow', node, factor, forUs: toUs(forMs) };
}

export function failWritesOf(node: NodeId, { stream, forMs = 0 }: FailWritesSketch): FaultAction {
  return { do: 'failWrites', node, stream: stream ?? null, forUs: toUs(forMs) };
}

/** Microseconds; null for a time that was not said. */
export function usOrNull(ms: number | undefined): number | null {
  return ms === undefined ? null : toUs(ms);
}
