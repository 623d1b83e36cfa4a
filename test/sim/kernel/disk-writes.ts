/** One server that writes at its first start, and what came of it. */
import type { DurableImage, Write } from '../../../core/contract.ts';
import type { Entry } from '../../../core/messages.ts';
import type { DiskPlan, Fault, Plan } from '../../../sim/kernel/plan.ts';
import { at, only, planOf, type Script, type Watched, watch } from './probe.ts';

export const one = { size: 1 };

export function entry(term: number): Entry {
  return { term, command: null };
}

export function hardState(currentTerm: number, votedFor = 0, commitIndex = 0): Write {
  return { kind: 'hardState', currentTerm, votedFor, commitIndex };
}

export function append(...terms: number[]): Write {
  return { kind: 'append', entries: terms.map(entry) };
}

/** [id, time] of the completions. */
export function completions(watched: Watched): [number, number][] {
  return only(watched, 'persisted').map(({ writeId, t }) => [writeId, t]);
}

export function images({ seen }: Watched): (DurableImage | null)[] {
  return seen.flatMap(({ event }) => (event.kind === 'start' ? [event.image] : []));
}

/** One server; in its first life it does this at its start. */
export function atFirstStart(
  disk: Partial<DiskPlan>,
  act: Script,
  sections: Partial<Plan> = {},
): Watched {
  return watch(planOf({ cluster: one, disk, ...sections }), (event, out, me) => {
    if (event.kind === 'start' && me.boot === 0) act(event, out, me);
  });
}

export function crashAt(atUs: number, keep: 'none' | 'all' = 'none', restartUs = 1_000): Fault {
  return at(atUs, { do: 'crash', node: 1, restartUs, keep });
}
