/** What a server makes of what its disk tells it: writes that are done, late, or failed (§5). */
import type { Mutant } from '../mutant.ts';

export const DISK_ANSWER_MUTANTS: readonly Mutant[] = [
  {
    id: 'io-completion-out-of-order-lost',
    title: 'The write that was told last says how far the log is safe, even if it is an older one',
    needs: 'an older write that is told after a newer one, and none after them',
    edits: [
      {
        file: 'core/storage.ts',
        find: `  state.durableIndex = Math.max(state.durableIndex, pending[position]!.lastIndex);\n`,
        replace: `  state.durableIndex = pending[position]!.lastIndex;\n`,
      },
      {
        file: 'core/storage.ts',
        find: `  for (let count = 0; count <= position; count += 1) pending.shift();\n`,
        replace: `  pending.splice(position, 1);\n`,
      },
    ],
    breaks: ['replication-liveness', 'applied-in-order', 'convergence'],
    section: 'thesis §10.2.1',
    source: ['databendlabs/openraft#1964'],
  },
  {
    id: 'older-hard-state-counts',
    title: 'An older write that is done passes for the write of the newest term and vote',
    needs: 'a slow disk, and a vote while another write is under way',
    edits: [
      {
        file: 'core/storage.ts',
        find: `  if (id === state.hardStateWriteId) state.isHardStateDurable = true;\n`,
        replace: `  if (id <= state.hardStateWriteId) state.isHardStateDurable = true;\n`,
      },
    ],
    breaks: ['durable-promise', 'elected-by-majority', 'quorum-intersection'],
    section: '§5.2, Figure 2 (persistent state)',
    source: ['etcd-io/raft#8'],
  },
  {
    id: 'write-error-ignored',
    title: 'A failed write passes for one that is done',
    needs: 'a write that fails',
    edits: [
      {
        file: 'core/step.ts',
        find: `      haltOnFailedWrite(event.error, out);\n      return;\n`,
        replace: `      handlePersisted(state, event.id, out);\n      break;\n`,
      },
    ],
    breaks: [
      'durable-promise',
      'true-success',
      'committed-on-quorum',
      'log-matching',
      'elected-by-majority',
      'commit-index-on-disk',
      'leader-completeness',
    ],
    section: '§5.3, Figure 2 (persistent state)',
    source: [
      'JDRaftKeeper/RaftKeeper#287',
      'deventlab/d-engine#404',
      'dotnet/dotNext#100',
      'MartinKalema/horizontal-scaling-convex#156',
    ],
  },
  {
    id: 'failed-write-not-repeated',
    title: 'After a failed write a server goes on, and writes what comes next behind the gap',
    needs: 'a write that fails, and one after it',
    edits: [
      {
        file: 'core/step.ts',
        find: `      haltOnFailedWrite(event.error, out);\n      return;\n`,
        replace: `      out.note(event.error);\n      break;\n`,
      },
    ],
    breaks: [
      'log-matching',
      'leader-creates-entries',
      'true-success',
      'committed-on-quorum',
      'convergence',
      'replication-liveness',
    ],
    section: '§5.3, Figure 2 (persistent state)',
    source: ['JDRaftKeeper/RaftKeeper#287'],
  },
  {
    id: 'leader-write-failure-reuses-index',
    title: 'A leader drops what it could not write, and gives the index to the next request',
    needs: 'a write of a leader that fails after it was sent, and another request',
    edits: [
      {
        file: 'core/step.ts',
        find: `      haltOnFailedWrite(event.error, out);\n      return;\n`,
        replace: `      if (state.role !== 'leader' || !dropUnsafe(state, event.id, out)) {
        haltOnFailedWrite(event.error, out);
        return;
      }
      break;\n`,
      },
      {
        file: 'core/step.ts',
        find: `import { appendQueued, handleRequests } from './requests.ts';`,
        replace: `import { nobody } from './raft-state.ts';
import { appendQueued, handleRequests } from './requests.ts';`,
      },
      {
        file: 'core/step.ts',
        find: `/** What holds between any two events. */\n`,
        replace: `function dropUnsafe(state: RaftState, id: number, out: Outbox): boolean {
  const { durableIndex, log, pendingLogWrites } = state;
  if (id === state.hardStateWriteId || id === state.commitWriteId) return false;
  if (state.commitIndex > durableIndex) return false;
  if (log.lastIndex > durableIndex) log.truncateFrom(durableIndex + 1);
  pendingLogWrites.length = 0;
  for (const peer of state.peers) {
    state.nextIndex[peer] = Math.min(state.nextIndex[peer]!, durableIndex + 1);
    state.matchIndex[peer] = Math.min(state.matchIndex[peer]!, durableIndex);
  }
  while ((state.pendingRequests.at(-1)?.index ?? 0) > durableIndex) {
    out.respond(state.pendingRequests.pop()!.id, 'unknown', nobody);
  }
  return true;
}

/** What holds between any two events. */\n`,
      },
      {
        file: 'core/replication.ts',
        find: `  if (body.success) handleAccepted(state, from, body.matchIndex, out);\n`,
        replace: `  const agreed = Math.min(body.matchIndex, state.log.lastIndex);
  if (body.success) handleAccepted(state, from, agreed, out);\n`,
      },
    ],
    breaks: [
      'log-matching',
      'leader-creates-entries',
      'committed-on-quorum',
      'state-machine-safety',
    ],
    section: '§5.3, Figure 3 (Leader Append-Only)',
    source: ['canonical/raft#320'],
  },
];
