/** A leader makes a configuration (§6): may it do so now, and is it one that may follow? */
import type { Configuration, LogIndex } from '../../../core/messages.ts';
import { isSameConfiguration } from '../../configuration-words.ts';
import { committableIndex } from '../leading/commit-on-majority.ts';
import type { ObservedServer } from '../observed-server.ts';
import { copiesMinOf } from '../quorums.ts';
import type { Scene } from '../scene.ts';
import { checkOwnCommit } from './change-after-own-commit.ts';
import { checkStep } from './change-in-steps.ts';
import { checkSettled } from './one-change-at-a-time.ts';

/** Before the entry is written at `index`. */
export function checkChange(
  scene: Scene,
  server: ObservedServer,
  index: LogIndex,
  configuration: Configuration,
): void {
  const before = server.placedAt(index - 1);
  const committed = Math.max(
    server.countedCommit,
    scene.claimedIndex,
    committableIndex(scene, server, copiesMinOf),
  );
  noteAsked(server, index, configuration);
  if (!checkSettled(scene, server, configuration, before, committed)) return;
  // What a predecessor has begun may be ended at once: C_old,new is committed (§6).
  const isLeaving = before.configuration.newVoters !== null && configuration.newVoters === null;
  if (!isLeaving && !checkOwnCommit(scene, server, configuration, committed)) return;
  checkStep(scene, server, configuration, before.configuration);
}

/** Which operator has asked for it? */
function noteAsked(server: ObservedServer, index: LogIndex, configuration: Configuration): void {
  const { voters, newVoters, learners } = configuration;
  const target = { voters: newVoters ?? voters, newVoters: null, learners };
  for (const attempt of server.adminAttempts.values()) {
    const { request, answer } = attempt;
    if (request.kind !== 'changeMembership' || answer !== null || attempt.index > 0) continue;
    const asked = {
      voters: [...request.voters].sort((a, b) => a - b),
      newVoters: null,
      learners: [...request.learners].sort((a, b) => a - b),
    };
    if (isSameConfiguration(asked, target)) attempt.index = index;
  }
}
