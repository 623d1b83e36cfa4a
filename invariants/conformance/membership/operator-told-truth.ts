import type { Configuration } from '../../../core/messages.ts';
import { configurationWords, isSameConfiguration } from '../../configuration-words.ts';
import { committableIndex } from '../leading/commit-on-majority.ts';
import type { AdminAttempt, ObservedServer } from '../observed-server.ts';
import { copiesMinOf } from '../quorums.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const operatorToldTruth: Rule = {
  id: 'operator-told-truth',
  section: '§6, §7, thesis §4.1',
  sentence:
    'An operator is told ok when the new configuration is committed, or the snapshot safe; and rejected only if no entry was made.',
  reason: 'Who is told that a server is no member any more switches it off.',
};

/** An operator is answered. */
export function checkTold(
  scene: Scene,
  server: ObservedServer,
  { request, index, applied }: AdminAttempt,
  outcome: string,
): void {
  if (request.kind === 'takeSnapshot' && outcome === 'ok') {
    checkSnapshotSafe(scene, server, applied);
  } else if (request.kind === 'changeMembership') {
    const { voters, learners } = request;
    const target = { voters: ascending(voters), newVoters: null, learners: ascending(learners) };
    if (outcome === 'ok') checkInForce(scene, server, target);
    else if (outcome !== 'unknown' && index > server.lastApplied) {
      const made = `though it had appended an entry for that at index ${index}, which may still be committed`;
      report(scene, server, `answered ${outcome} to ${changeWords(target)}, ${made}`);
    }
  }
}

function checkSnapshotSafe(scene: Scene, server: ObservedServer, applied: number): void {
  const safe = server.durableSnapshot?.lastIncludedIndex ?? 0;
  if (safe >= applied) return;
  const had = `had applied through index ${applied} when it was asked`;
  const holds = safe === 0 ? 'no snapshot is' : `only a snapshot through index ${safe} is`;
  report(
    scene,
    server,
    `answered ok to a request for a snapshot: it ${had}, and ${holds} on its disk`,
  );
}

function checkInForce(scene: Scene, server: ObservedServer, target: Configuration): void {
  const { placed } = server;
  const committed = Math.max(
    scene.claimedIndex,
    server.countedCommit,
    committableIndex(scene, server, copiesMinOf),
  );
  if (isSameConfiguration(placed.configuration, target) && placed.index <= committed) return;
  const has = `${configurationWords(placed.configuration)} at index ${placed.index}`;
  report(
    scene,
    server,
    `answered ok to ${changeWords(target)}, while its latest configuration was ${has}, ` +
      `and index ${committed} the last that it knew to be committed`,
  );
}

function report(scene: Scene, server: ObservedServer, sentence: string): void {
  scene.report(operatorToldTruth, server, sentence);
}

function changeWords(target: Configuration): string {
  return `the change to ${configurationWords(target)}`;
}

function ascending(nodes: readonly number[]): number[] {
  return [...nodes].sort((a, b) => a - b);
}
