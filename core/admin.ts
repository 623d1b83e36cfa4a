/** What operators ask for, each in a file of its own. */
import { assertNever } from './assert.ts';
import type { AdminRequest, Outbox } from './contract.ts';
import { changeMembership } from './membership.ts';
import type { RaftState } from './raft-state.ts';
import { requestSnapshot } from './snapshots.ts';
import { handleTransfer } from './transfer.ts';

/** Every request gets one answer, with this id, now or later. */
export function handleAdmin(
  state: RaftState,
  id: string,
  request: AdminRequest,
  out: Outbox,
): void {
  switch (request.kind) {
    case 'changeMembership':
      changeMembership(state, id, request.voters, request.learners, out);
      break;
    case 'transferLeadership':
      handleTransfer(state, id, request.to, out);
      break;
    case 'takeSnapshot':
      requestSnapshot(state, id, out);
      break;
    default:
      assertNever(request);
  }
}
