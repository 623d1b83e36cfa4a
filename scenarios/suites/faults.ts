/** What happens to servers in graded tests. Whom it hits is told by the wire and by claims alone. */

import type { NodeId } from '../../core/messages.ts';
import type { Fault, FaultAction, FaultTrigger } from '../../sim/kernel/fault.ts';
import type { Trial } from './trial.ts';

/** The server that the fact is about. */
const WHO: NodeId = 0;

/** At the nth command that is answered `ok`: whoever answers leads, or has just led. */
export function atAnswer(nth: number): FaultTrigger {
  return on('acknowledged', nth, 0);
}

/** When a server claims for the nth time that it leads. */
export function atLeader(nth: number): FaultTrigger {
  return on('leader', nth, 0);
}

export function on(kind: FaultTrigger['on'], nth: number, count: number, node = 0): FaultTrigger {
  return { on: kind, node, nth, count };
}

export function at(atUs: number): { readonly atUs: number } {
  return { atUs };
}

/** Cut off from all others, both ways. */
export function cutOff(when: Fault['when'], forUs: number | null, node: NodeId = WHO): Fault {
  return { when, what: { do: 'isolate', node, direction: 'both', peers: 0, forUs } };
}

/** It is heard and hears nothing, or hears and is not heard. */
export function cutOneWay(
  when: Fault['when'],
  direction: 'in' | 'out',
  forUs: number | null,
  node: NodeId = WHO,
): Fault {
  return { when, what: { do: 'isolate', node, direction, peers: 0, forUs } };
}

/** Power is lost; null: it stays down until the heal. */
export function crash(when: Fault['when'], restartUs: number | null, node: NodeId = WHO): Fault {
  return { when, what: { do: 'crash', node, restartUs, keep: 'drawn' } };
}

export function pause(when: Fault['when'], forUs: number, node: NodeId = WHO): Fault {
  return { when, what: { do: 'pause', node, forUs } };
}

/** All that it had sent since its oldest unfinished write arrives, and the write is lost. */
export function outrun(when: Fault['when'], restartUs: number | null, node: NodeId = WHO): Fault {
  return { when, what: { do: 'outrun', node, restartUs } };
}

export function does(when: Fault['when'], what: FaultAction): Fault {
  return { when, what };
}

/** No message passes between the two groups. */
export function split(
  when: Fault['when'],
  one: readonly NodeId[],
  other: readonly NodeId[],
  forUs: number | null,
): Fault {
  const links = one.flatMap((a) => other.flatMap((b) => [[a, b] as const, [b, a] as const]));
  return { when, what: { do: 'block', links, forUs } };
}

/**
 * These hear each other only where one of them is `centre`. Of four or five servers no other one can
 * then get a majority of votes.
 */
export function star(
  when: Fault['when'],
  centre: NodeId,
  around: readonly NodeId[],
  forUs: number | null,
): Fault {
  const leaves = around.filter((node) => node !== centre);
  const links = leaves.flatMap((a) => leaves.filter((b) => b !== a).map((b) => [a, b] as const));
  return { when, what: { do: 'block', links, forUs } };
}

/**
 * Who is not asleep stands again and again; the others find its requests when they wake up, the
 * newest last, and elect it if its log lets them.
 */
export function asleep(when: Fault['when'], nodes: readonly NodeId[], forUs: number): Fault[] {
  return nodes.map((node) => pause(when, forUs, node));
}

/** The servers in a drawn order. */
export function shuffled({ pick }: Trial, size: number): NodeId[] {
  const order = Array.from({ length: size }, (_, i) => i + 1);
  for (let i = size - 1; i > 0; i -= 1) {
    const j = pick(0, i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** `count` faults, the first after so many election timeouts and then in steps of that length. */
export function every(
  { us }: Trial,
  from: number,
  step: number,
  count: number,
  make: (atUs: number, i: number) => readonly Fault[],
): Fault[] {
  return Array.from({ length: count }, (_, i) => make(us(from + i * step), i)).flat();
}
