/** Names on the wire: servers are n1 … n7, clients c1, c2 …, and every op ends with its command's name. */
import type { Command, NodeId } from '../../core/messages.ts';
import type { ProgramEvent } from '../protocol/events.ts';

const SERVERS = ['', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7'];

export function serverName(node: NodeId): string {
  return SERVERS[node]!;
}

/** 0 when there is no such server. */
export function serverOf(name: string): NodeId {
  return Math.max(0, SERVERS.indexOf(name));
}

/** "put x1 7 c2.17": the same for every attempt at a command, different for every command. */
export function wireOp({ clientId, seq, op }: Command): string {
  return `${op} c${clientId}.${seq}`;
}

/** A command that nobody was handed in this form: by the name that it bears, else nobody's. */
export function strangeCommand(text: string): Command {
  const match = /^(.*) c([0-9]{1,9})\.([0-9]{1,9})$/s.exec(text);
  if (match === null) return { clientId: 0, seq: 0, op: text };
  return { clientId: Number(match[2]), seq: Number(match[3]), op: match[1]! };
}

/** Attempts of clients begin with a c; those of operators with an o. */
export function wireId(id: string): string {
  return id.startsWith('o') ? id : `c${id}`;
}

export function idOf(wire: string): string {
  return wire.startsWith('o') ? wire : wire.slice(1);
}

/** What is said of an event of a program. */
export type ToldEvent =
  | Pick<EventOf<'start'>, 'kind' | 'boot'>
  | Pick<EventOf<'message'>, 'kind' | 'from'>
  | Pick<EventOf<'timer'>, 'kind' | 'name'>
  | Pick<EventOf<'request'>, 'kind' | 'id'>
  | { readonly kind: 'requests'; readonly requests: readonly { readonly id: string }[] }
  | Pick<EventOf<'persisted'>, 'kind' | 'id'>
  | Pick<EventOf<'persistFailed'>, 'kind' | 'id'>
  | Pick<EventOf<'snapshotTaken'>, 'kind' | 'index'>
  | Pick<EventOf<'admin'>, 'kind' | 'id'>;

type EventOf<K extends ProgramEvent['kind']> = Extract<ProgramEvent, { readonly kind: K }>;

/** "message from n2": enough to find it, the same in failures and in stories. */
export function eventWords(event: ToldEvent): string {
  switch (event.kind) {
    case 'start':
      return event.boot === 0 ? 'start' : `start, boot ${event.boot}`;
    case 'message':
      return `message from ${event.from}`;
    case 'timer':
      return `timer ${event.name}`;
    case 'request':
      return `request ${event.id}`;
    case 'requests':
      return `requests ${event.requests.map(({ id }) => id).join(', ')}`;
    case 'persisted':
    case 'persistFailed':
      return `${event.kind} ${event.id}`;
    case 'snapshotTaken':
      return `snapshotTaken ${event.index}`;
    case 'admin':
      return `admin ${event.id}`;
  }
}
