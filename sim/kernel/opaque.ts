/**
 * How the bodies and writes of programs travel through the world, which looks at neither: in the
 * place of a message of the paper, and of a write of the paper's state.
 */
import type {
  DurableImage,
  Outbox,
  Outcome,
  Server,
  ServerEvent,
  Write,
} from '../../core/contract.ts';
import type { Message, NodeId } from '../../core/messages.ts';
import type { ProgramWrite } from '../protocol/actions.ts';
import type { DurableStream } from '../protocol/events.ts';
import type { Json } from '../protocol/json.ts';

/** What the world must know of programs that it hosts. */
export interface OpaqueHosting {
  /** Its servers are foretold ones. */
  readonly looksAhead: boolean;
  /** A write is safe as soon as it is carried out, and nobody is told. */
  readonly isImmediate: boolean;
  /** Without reads clients end with what they have written. */
  readonly hasReads: boolean;
  /** Timers that run out are no events of the plan's cap: they have one of their own. */
  readonly wakeUpsMax: number;
}

/** A server that makes use of what it will get next, while others are served. */
export interface ForetoldServer extends Server {
  /** The next event, ahead of its turn: it is sure to come. May be told more than once. */
  foretell(event: ServerEvent): void;
}

/** The outbox of a program. */
export interface ProgramOutbox extends Outbox {
  /** `value` is what the program's own store has answered; absent: the host's store answers. */
  respond(id: string, outcome: Outcome, hint: NodeId, value?: string | null): void;
}

export interface OpaqueMessage {
  readonly kind: 'Opaque';
  /** Nobody knows: what goes by terms takes all of them for equally old. */
  readonly term: 0;
  readonly body: Json;
  /** What its sender says that it means: for reports only. */
  readonly about: Json | null;
}

export interface OpaqueWrite {
  readonly kind: 'opaque';
  readonly write: ProgramWrite;
}

/** What survived on disk, by stream. */
export type OpaqueImage = Readonly<Record<string, DurableStream>>;

export function opaqueMessage(body: Json, about: Json | null): Message {
  const message: OpaqueMessage = { kind: 'Opaque', term: 0, body, about };
  return message as unknown as Message;
}

export function opaqueWrite(write: ProgramWrite): Write {
  const opaque: OpaqueWrite = { kind: 'opaque', write };
  return opaque as unknown as Write;
}

export function opaqueImage(image: OpaqueImage): DurableImage {
  return image as unknown as DurableImage;
}

export function isOpaque(message: Message): boolean {
  return (message as unknown as OpaqueMessage).kind === 'Opaque';
}

/** The body that a program has sent. */
export function bodyOfProgram(message: Message): Json {
  return (message as unknown as OpaqueMessage).body;
}

export function writeOfProgram(write: Write): ProgramWrite {
  return (write as unknown as OpaqueWrite).write;
}

export function imageOfProgram(image: DurableImage | null): OpaqueImage | null {
  return image as unknown as OpaqueImage | null;
}

/** How many entries an opaque append has; 0 for every other write. */
export function opaqueAppends(write: Write): number {
  const { kind, write: inner } = write as unknown as OpaqueWrite;
  return kind === 'opaque' && 'append' in inner ? inner.append.length : 0;
}
