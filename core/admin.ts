/** What operators ask for, each in a file of its own. */
import { assertNever } from './assert.ts';
import type { AdminRequest, Outbox } from './contract.ts';
import { nobody, type RaftState } from './raft-state.ts';

/** Every request gets one answer, with this id, now or later. */
export function handleAdmin(
  _state: RaftState,
  id: string,
  request: AdminRequest,
  out: Outbox,
): void {
  switch (request.kind) {
    case 'changeMembership':
    case 'transferLeadership':
    case 'takeSnapshot':
      out.respond(id, 'rejected', nobody);
      break;
    default:
      assertNever(request);
  }
}
