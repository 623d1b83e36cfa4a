import type { Term } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const termNeverFalls: Rule = {
  id: 'term-never-falls',
  section: '§5.1, Figure 2 (currentTerm)',
  sentence: 'The term of a server only rises.',
  reason: 'Votes and entries are told apart by their terms: back in an old one, both are doubled.',
};

/** A hard state is written. */
export function checkTermRises(scene: Scene, server: ObservedServer, term: Term): void {
  if (term >= server.issuedTerm) return;
  scene.report(termNeverFalls, server, `went back from term ${server.issuedTerm} to term ${term}`);
}
