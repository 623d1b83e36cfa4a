import type { Message } from '../../../core/messages.ts';
import { configurationWords } from '../../configuration-words.ts';
import type { ObservedServer } from '../observed-server.ts';
import { isVoterIn } from '../quorums.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const removedLeaderStepsDown: Rule = {
  id: 'removed-leader-steps-down',
  section: '§6, thesis §4.2.2',
  sentence: 'A leader that does not vote in C_new steps down when C_new is committed.',
  reason: 'It would lead a cluster that it is no part of, and that cannot tell whether it lives.',
};

/** A message is sent that only leaders send. */
export function checkStillMember(scene: Scene, server: ObservedServer, body: Message): void {
  const { placed, node } = server;
  const { index, configuration } = placed;
  if (configuration.newVoters !== null || isVoterIn(configuration, node)) return;
  if (body.term !== server.reignTerm || scene.appliedBefore < index) return;
  scene.report(
    removedLeaderStepsDown,
    server,
    `went on to lead term ${body.term}, after it had applied index ${index}, ` +
      `the configuration ${configurationWords(configuration)}, in which it does not vote`,
  );
}
