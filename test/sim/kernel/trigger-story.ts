/** Crashes that wait for a fact, and what a server had done until then. */
import { expect } from 'vitest';
import type { Outbox, Write } from '../../../core/contract.ts';
import type { Fault, FaultTrigger, Plan } from '../../../sim/kernel/plan.ts';
import { planOf, ticking, type Watched, watch } from './probe.ts';

export const entry = { term: 1, command: null };

export function append(count: number): Write {
  return { kind: 'append', entries: Array.from({ length: count }, () => entry) };
}

/** The server of the fact crashes at this fact. */
export function crashOn(on: FaultTrigger['on'], refined: Partial<FaultTrigger> = {}): Fault {
  const when = { on, node: 0, nth: 1, count: 0, ...refined };
  return { when, what: { do: 'crash', node: 0, restartUs: null, keep: 'all' } };
}

/** What a server did, up to and including its crash. */
export function story({ facts }: Pick<Watched, 'facts'>, node = 1): string[] {
  return facts.flatMap((fact) => {
    if (!('n' in fact) || fact.n !== node) return [];
    switch (fact.k) {
      case 'sent':
        return [`send ${fact.to}`];
      case 'persistIssued':
        return [`write ${fact.writeId}`];
      case 'claimed':
        return [`claim ${fact.role}`];
      case 'applied':
        return [`apply ${fact.index}`];
      case 'responded':
        return [`respond ${fact.requestId} ${fact.outcome}`];
      case 'noted':
        return [fact.text];
      case 'struck':
        return [];
      default:
        return [fact.k];
    }
  });
}

/** Server 1 does this in one step, at its start. */
export function oneStep(fault: Fault, act: (out: Outbox) => void): string[] {
  const watched = watch(planOf({ faults: [fault] }), (event, out, { node }) => {
    if (event.kind === 'start' && node === 1) act(out);
  });
  // Nobody else does anything, least of all what server 1 did not live to do.
  for (const node of [2, 3]) expect(story(watched, node)[0]).toBe('started');
  const others = [...story(watched, 2), ...story(watched, 3)];
  expect(others.filter((what) => what !== 'started' && what !== 'delivered')).toEqual([]);
  return story(watched).slice(1);
}

/** Server 1 does the nth of these at n ms; then it rests. */
export function steps(
  faults: readonly Fault[],
  acts: readonly ((out: Outbox) => void)[],
  sections: Partial<Plan> = {},
): string[] {
  const phases = { ...planOf().phases, chaosUs: 100_000 };
  const script = ticking(1, (out, nth, { node }) => {
    if (node === 1) acts[nth - 1]?.(out);
  });
  const watched = watch(planOf({ faults, phases, ...sections }), script);
  return story(watched).filter((what) => !['timerSet', 'fired', 'started'].includes(what));
}
