import type { RequestVote } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const transferOnlyWhenAsked: Rule = {
  id: 'transfer-only-when-asked',
  section: 'thesis §3.10, §4.2.3',
  sentence:
    'Only a server that its leader has asked to stand (TimeoutNow) asks for votes in the name of the leader.',
  reason: 'Nobody protects the leader against such a candidate, and no lease holds.',
};

/** RequestVote with leadershipTransfer is sent. */
export function checkWasAsked(scene: Scene, server: ObservedServer, body: RequestVote): void {
  if (body.leadershipTransfer !== true || server.askedToStand === body.term - 1) return;
  const asked =
    server.askedToStand === 0
      ? 'and no leader has asked it to stand'
      : `and it was asked to stand by the leader of term ${server.askedToStand}`;
  scene.report(
    transferOnlyWhenAsked,
    server,
    `asked for votes of term ${body.term} in the name of the leader, ${asked}`,
  );
}
