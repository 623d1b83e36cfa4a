import type { Message, Term } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const preVoteChangesNothing: Rule = {
  id: 'pre-vote-changes-nothing',
  section: 'thesis §9.6',
  sentence: 'Who is asked for a pre-vote keeps its term and its vote.',
  reason:
    'Pre-votes are there so that servers that cannot win disturb nobody; nobody is in the term that they ask about.',
};

/** A hard state is written with a higher term; false when something was reported. */
export function checkNoPreVote(scene: Scene, server: ObservedServer, term: Term): boolean {
  const { body } = scene;
  if (body === null || !isPreVote(body) || term !== body.term) return true;
  // A majority would vote for it: it stands.
  if (body.kind === 'RequestVoteResponse') return true;
  scene.report(
    preVoteChangesNothing,
    server,
    `went from term ${server.issuedTerm} to term ${term}, because S${scene.from} asked for a pre-vote`,
  );
  return false;
}

/** Its term is one that would be: nobody is in it. A refusal names a real one. */
export function isPreVote(body: Message): boolean {
  if (body.kind === 'RequestVote') return body.preVote === true;
  return body.kind === 'RequestVoteResponse' && body.preVote === true && body.voteGranted;
}
