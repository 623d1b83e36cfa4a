/**
 * How the bodies and writes of programs travel through the world, which looks at neither: in the
 * place of a message of the paper, and of a write of the paper's state.
 */
import type { Write } from '../../core/contract.ts';
import type { Message } from '../../core/messages.ts';
import type { ProgramWrite } from '../protocol/actions.ts';
import type { Json } from '../protocol/json.ts';

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

export function opaqueMessage(body: Json, about: Json | null): Message {
  const message: OpaqueMessage = { kind: 'Opaque', term: 0, body, about };
  return message as unknown as Message;
}

export function opaqueWrite(write: ProgramWrite): Write {
  const opaque: OpaqueWrite = { kind: 'opaque', write };
  return opaque as unknown as Write;
}
