import type { AppendEntries } from '../../../core/messages.ts';
import { committableIndex } from '../leading/commit-on-majority.ts';
import type { ObservedServer } from '../observed-server.ts';
import { majorityOf } from '../quorums.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const majorityIsCommitted: Rule = {
  id: 'majority-is-committed',
  section: '§5.3, §5.4.2, Figure 2 (leaders)',
  sentence: 'What is on a majority, and of the leader’s own term, is committed.',
  reason: 'Clients wait for an entry that is as safe as it will ever be.',
};

/** So many heartbeats after it could have known. */
const REPEATS = 5;

/** AppendEntries is sent by the leader of its term. */
export function checkCommits(scene: Scene, server: ObservedServer, body: AppendEntries): void {
  const { duties } = server;
  if (body.entries.length > 0) return;
  // A majority, not half of an even number: to wait for one more copy than needed is allowed.
  const committable = committableIndex(scene, server, majorityOf);
  // Others are told less, if they lack entries: what counts is what anybody is told, or applied here.
  if (committable <= Math.max(server.knownCommit, scene.claimedIndex)) {
    duties.commitsDue = 0;
    return;
  }
  if (duties.commitsDueStep === scene.step) return;
  duties.commitsDueStep = scene.step;
  duties.commitsDue += 1;
  if (duties.commitsDue !== REPEATS) return;
  scene.report(
    majorityIsCommitted,
    server,
    `told others in a heartbeat, for the ${REPEATS}th time in a row, that index ${server.knownCommit} is committed, ` +
      `though it knows index ${committable} of its term ${server.reignTerm} on a majority`,
  );
}
