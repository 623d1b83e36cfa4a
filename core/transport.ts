import type { Message, NodeId } from './messages.ts';

/**
 * How a server reaches the others. Fire and forget: a message may be lost, doubled, late or out of
 * order, and an answer, if any, comes back as an event of its own.
 */
export interface Transport {
  /** The body is copied: two servers never share a mutable object. */
  send(to: NodeId, body: Message): void;
}
