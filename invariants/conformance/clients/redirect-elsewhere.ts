import type { NodeId } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const redirectElsewhere: Rule = {
  id: 'redirect-elsewhere',
  section: '§8',
  sentence:
    'A server that does not lead sends clients to the leader it has heard of, or to nobody.',
  reason: 'A client that is sent in a circle never finds the leader.',
};

export function checkHint(scene: Scene, server: ObservedServer, hint: NodeId): void {
  if (hint !== server.node) return;
  scene.report(redirectElsewhere, server, 'sent a client to itself, while refusing its request');
}
