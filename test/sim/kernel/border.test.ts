/** What servers of somebody else are given, and what they hand over, is theirs to spoil. */
import { expect, test } from 'vitest';
import type { Fault } from '../../../sim/kernel/plan.ts';
import { at, mark, planOf, watch } from './probe.ts';

function crash(atMs: number, node: number, restartMs: number | null): Fault {
  const restartUs = restartMs === null ? null : restartMs * 1_000;
  return at(atMs * 1_000, { do: 'crash', node, restartUs, keep: 'none' });
}

/** Whatever a server of somebody else does to what it is given. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const part = (value as Record<string, unknown>)[key];
    spoil(part);
    if (typeof part === 'number') (value as Record<string, unknown>)[key] = part + 100;
  }
  if (Array.isArray(value)) value.reverse();
}

/** What each server gets; with `isSpoiling` they spoil it and what they have sent. */
function everything(isSpoiling: boolean): string[] {
  const script = [
    { atUs: 5_000, node: 1, ops: ['put x0 7', 'put x1 8'] },
    { atUs: 30_000, node: 1, ops: ['put x0 9'] },
  ];
  const image = { node: 1, currentTerm: 2, votedFor: 1, log: [{ term: 1, op: 'put x0 1' }] };
  const faults = [crash(20, 1, 5), crash(40, 1, 5), crash(45, 2, 5)];
  const network = { duplicatePpm: 1_000_000 };
  const plan = planOf({ workload: { script }, network, images: [image], faults });
  const events: string[] = [];
  let index = 0;
  watch(
    plan,
    (event, out) => {
      events.push(JSON.stringify(event));
      if (event.kind === 'request') {
        const entries = event.requests.map(({ command }) => ({ term: 1, command }));
        const body = { ...mark(1), kind: 'AppendEntries', entries } as never;
        for (const to of [2, 3]) out.send(to, body);
        const writeId = event.now;
        out.persist(writeId, 'log', 0, { kind: 'append', entries });
        for (const entry of entries) {
          index += 1;
          out.apply(index, entry);
        }
        for (const { id } of event.requests) out.respond(id, 'ok', 0);
        if (isSpoiling) spoil(body);
      }
      if (isSpoiling) spoil(event);
    },
    false,
  );
  return events;
}

test('is copied for the servers of somebody else', () => {
  const untouched = everything(false);
  expect(untouched.length).toBeGreaterThan(14);
  expect(everything(true)).toEqual(untouched);
});
