import type { RequestVote } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';
import { isUpToDate } from '../votes/vote-up-to-date.ts';

export const dueVoteGiven: Rule = {
  id: 'due-vote-given',
  section: '§5.2, §5.4.1, Figure 2 (RequestVote 2)',
  sentence:
    'A server that has not voted in the term, and hears no leader, votes for a candidate whose log is not behind its own.',
  reason: 'If nobody gives a vote, nobody is elected.',
};

/** One refusal may have its reasons; so many in a row have not. */
const REPEATS = 12;

/** A request for a vote is refused in the step in which it came. */
export function checkVoteRefused(scene: Scene, server: ObservedServer, asked: RequestVote): void {
  const { issuedTerm, issuedVote, issued } = server;
  if (asked.term < issuedTerm || !isUpToDate(asked, issued)) return;
  if (asked.term === issuedTerm && issuedVote !== 0 && issuedVote !== asked.candidateId) return;
  if (mayRefuse(scene, server)) return;
  server.duties.votesRefused += 1;
  if (server.duties.votesRefused !== REPEATS) return;
  scene.report(
    dueVoteGiven,
    server,
    `refused its vote for the ${REPEATS}th time in a row, now to S${scene.from} in term ${asked.term}, ` +
      'though it had not voted in that term and the candidate’s log was not behind its own',
  );
}

/**
 * A spare knows of no cluster. With check-quorum a server refuses while a leader has been heard, leads
 * itself, or may have promised in an earlier life not to disturb a leader (§6, thesis §6.4.1).
 */
function mayRefuse(scene: Scene, server: ObservedServer): boolean {
  if (server.inForce.voters.length === 0) return true;
  const { checkQuorum, preVote, reads, electionMsMax } = scene.config;
  if (!checkQuorum && !preVote && reads !== 'lease') return false;
  if (server.isLeading || scene.localMsSince(server.startedUs) <= 2 * electionMsMax) return true;
  return server.leaderHeardUs >= 0 && scene.localMsSince(server.leaderHeardUs) <= 2 * electionMsMax;
}
