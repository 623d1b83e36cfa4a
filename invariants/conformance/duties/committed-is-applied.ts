import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const committedIsApplied: Rule = {
  id: 'committed-is-applied',
  section: '§5.3, Figure 2 (all servers: lastApplied)',
  sentence: 'What is known to be committed is applied.',
  reason: 'The state machine falls behind the log for ever, and clients wait for their answers.',
};

/** So many milliseconds with a step, and without any write under way. */
const TICKS = 40;

/** At the end of a tick. */
export function checkApplies(scene: Scene, server: ObservedServer): void {
  const { duties, lastApplied, issued } = server;
  const known = duties.toldCommit;
  const isDue = known > lastApplied && issued.last > lastApplied;
  if (!isDue || server.pending.length > 0 || duties.appliedBefore !== lastApplied) {
    duties.appliedBefore = lastApplied;
    duties.applyWaits = 0;
    return;
  }
  duties.applyWaits += 1;
  if (duties.applyWaits !== TICKS) return;
  scene.report(
    committedIsApplied,
    server,
    `has applied nothing behind index ${lastApplied} for a long time, though it knows that index ${known} is committed`,
  );
}
