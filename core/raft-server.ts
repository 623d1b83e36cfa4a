/** The reference implementation of the contract. */
import { assert } from './assert.ts';
import type { Outbox, Server, ServerEvent } from './contract.ts';
import { createRaftState, type RaftState } from './raft-state.ts';
import { step } from './step.ts';

export class RaftServer implements Server {
  /** null before `start`. A view for tools and tests, never for a host. */
  state: RaftState | null = null;

  step(event: ServerEvent, out: Outbox): void {
    if (event.kind === 'start') {
      assert(this.state === null, 'a life starts once');
      this.state = createRaftState(event);
    }
    assert(this.state !== null, 'the first event is start');
    step(this.state, event, out);
  }
}

/** A server with empty memory; its first event is `start`. */
export function createServer(): Server {
  return new RaftServer();
}
