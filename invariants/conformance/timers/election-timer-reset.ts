import type { Message } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const electionTimerReset: Rule = {
  id: 'election-timer-reset',
  section: '§5.2, Figure 2 (followers)',
  sentence:
    'A follower resets its election timer by granting a vote, and by AppendEntries of the current leader; by no other message.',
  reason:
    'Servers that cannot win, and deposed leaders, would keep those that can win from ever standing.',
};

/** At the end of a step in which a follower has set its running timer again. */
export function checkMaySet(scene: Scene, server: ObservedServer): void {
  const { body } = scene;
  if (scene.event !== 'delivered' || body === null || !scene.isReset || scene.hadOwnVote) return;
  // A majority of pre-votes has come: it stands.
  if (server.hasOwnVote) return;
  if (body.kind === 'RequestVote' && scene.hasRefusedVote) {
    report(
      scene,
      server,
      `a request of S${scene.from} for a vote of term ${body.term}, which it did not give`,
    );
  } else if (isOfLeader(body) && scene.isOutdated) {
    report(
      scene,
      server,
      `${body.kind} of S${scene.from}, the leader of the earlier term ${body.term} (it was in term ${scene.termBefore})`,
    );
  } else if (body.kind.endsWith('Response')) {
    report(scene, server, `an answer of S${scene.from}`);
  }
}

function isOfLeader({ kind }: Message): boolean {
  return kind === 'AppendEntries' || kind === 'InstallSnapshot' || kind === 'TimeoutNow';
}

function report(scene: Scene, server: ObservedServer, why: string): void {
  scene.report(electionTimerReset, server, `reset its election timer because of ${why}`);
}
