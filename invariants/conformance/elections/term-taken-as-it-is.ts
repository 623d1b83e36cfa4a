import type { NodeId, Term } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const termTakenAsItIs: Rule = {
  id: 'term-taken-as-it-is',
  section: '§5.1, §5.2, Figure 2 (all servers; candidates)',
  sentence:
    'A higher term in a message is adopted as it is; only who stands for election makes a new term, the next one.',
  reason:
    'Servers that make up terms are always ahead of each other, and nobody gets a vote in a term of its own.',
};

/** A hard state is written: where does its term come from? */
export function checkTermKnown(
  scene: Scene,
  server: ObservedServer,
  term: Term,
  votedFor: NodeId,
): void {
  const known = Math.max(server.issuedTerm, server.seenTerm);
  if (term <= known) return;
  const stands = votedFor === server.node || scene.event !== 'delivered';
  if (stands && term === known + 1) return;
  scene.report(
    termTakenAsItIs,
    server,
    `went to term ${term}, and the highest term it had heard of was ${known}`,
  );
}
