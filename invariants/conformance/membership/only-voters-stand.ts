import { configurationWords } from '../../configuration-words.ts';
import type { ObservedServer } from '../observed-server.ts';
import { isVoterIn } from '../quorums.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const onlyVotersStand: Rule = {
  id: 'only-voters-stand',
  section: '§6, thesis §4.2.1, §4.2.2',
  sentence:
    'Only who votes stands: by the latest configuration, or by the one before it while that is not committed.',
  reason:
    'A server that is no member any more, or not yet, deposes leaders that it cannot replace.',
};

/** The server stands, or asks whether it could win. */
export function checkMayStand(scene: Scene, server: ObservedServer): void {
  const { node, inForce, placed, lastApplied } = server;
  if (isVoterIn(inForce, node)) return;
  // With a C_new that may be taken back it can be the only one that its voters would elect.
  // Only what it has applied it knows to be committed for sure: it may learn that in its own way.
  if (placed.index > lastApplied) {
    if (isVoterIn(server.placedAt(placed.index - 1).configuration, node)) return;
  }
  const what =
    inForce.voters.length === 0
      ? 'though it knows of no cluster'
      : `though it does not vote in ${configurationWords(inForce)}`;
  scene.report(onlyVotersStand, server, `stood for election, or asked whether it may, ${what}`);
}
