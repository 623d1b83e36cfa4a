/** Programs that do what a test says, and the run of a plan with them; nothing is judged. */
import { KeyValueStore } from '../../../core/state-machine.ts';
import { PROGRAM_PROPERTIES } from '../../../invariants/causal/program-properties.ts';
import { moduleHost } from '../../../sim/adapters/module-program.ts';
import { programImplementation } from '../../../sim/adapters/program-implementation.ts';
import type { Plan } from '../../../sim/kernel/plan.ts';
import type { ProgramEvent } from '../../../sim/protocol/events.ts';
import { type FlatFact, type Life, type Watched, watchImplementation } from '../kernel/probe.ts';

type Group = Readonly<Record<string, unknown>>;

/** What a program answers; `me` says which server it is, in which life. */
export type Answer = (event: ProgramEvent, me: Life) => unknown;

/** An event as a program saw it. */
export interface Told extends Life {
  readonly event: ProgramEvent;
}

export interface Hosted extends Omit<Watched, 'seen'> {
  readonly told: readonly Told[];
}

export const createStateMachine = (): KeyValueStore => new KeyValueStore(0);
export const NOTHING_JUDGED = new Set(PROGRAM_PROPERTIES.map(({ id }) => id));

/** Runs the plan with programs that can do this, and answer so. */
export function host(plan: Plan, capabilities: Group, answer: Answer): Hosted {
  const told: Told[] = [];
  const createServer = () => {
    let me: Life = { node: 0, boot: -1 };
    return {
      handle(event: ProgramEvent): unknown {
        if (event.kind === 'start') me = { node: Number(event.self[1]), boot: event.boot };
        told.push({ ...me, event });
        return answer(event, me);
      },
    };
  };
  const programs = moduleHost({ createServer, capabilities });
  const implementation = programImplementation('test:fake', programs, createStateMachine);
  return { told, ...watchImplementation(plan, implementation, NOTHING_JUDGED) };
}

/** What one server was told, without the times. */
export function toldTo({ told }: Hosted, node: number): Group[] {
  return told.flatMap((one) => {
    if (one.node !== node) return [];
    const { now: _now, ...event } = one.event;
    return [event];
  });
}

/** Events of one kind, with who was told. */
export function ofKind<K extends ProgramEvent['kind']>({ told }: Hosted, kind: K) {
  return told.filter((one): one is Told & { event: ProgramEvent & { kind: K } } => {
    return one.event.kind === kind;
  });
}

/** What a server did and what the world did to it, as short words: "sent n2", "crashed". */
export function course({ facts }: Hosted, node: number, ...kinds: FlatFact['k'][]): string[] {
  return facts.flatMap((fact) => {
    if (!('n' in fact) || fact.n !== node || !kinds.includes(fact.k)) return [];
    return [wordsFor(fact)];
  });
}

function wordsFor(fact: FlatFact): string {
  const ms = 't' in fact ? fact.t / 1_000 : 0;
  switch (fact.k) {
    case 'sent':
      return `${ms} sent n${fact.to}`;
    case 'persistIssued':
    case 'persisted':
      return `${ms} ${fact.k} ${fact.writeId}`;
    case 'applied':
      return `${ms} applied ${fact.index} ${fact.entry.command?.op}`;
    case 'timerSet':
      return `${ms} timerSet ${fact.timer} ${fact.minMs} ${fact.maxMs}`;
    case 'responded':
      return `${ms} responded ${fact.requestId} ${fact.outcome} ${fact.value}`;
    case 'restored':
      return `${ms} restored ${fact.index} ${fact.data}`;
    default:
      return `${ms} ${fact.k}`;
  }
}
