import type { NodeId, RequestVote, Term } from '../../../core/messages.ts';
import { COVERED, entryWords, type ObservedLog } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const voteUpToDate: Rule = {
  id: 'vote-up-to-date',
  section: '§5.4.1, Figure 2 (RequestVote 2)',
  sentence:
    'A vote goes to a candidate whose log is at least as up-to-date as that of the voter: the later last term wins, then the higher last index.',
  reason:
    'What is committed is on a majority, and a majority elects: only this comparison keeps out a leader that lacks it.',
};

/** Judged when the request came, or now: one of them is enough. */
export function checkUpToDate(
  scene: Scene,
  voter: ObservedServer,
  term: Term,
  candidate: NodeId,
): void {
  const request = voter.voteRequests.get(term * 8 + candidate);
  if (request === undefined || request.isUpToDate || isUpToDate(request, voter.issued)) return;
  const { lastLogIndex, lastLogTerm } = request;
  const { last, lastTerm } = voter.issued;
  const theirs =
    lastLogIndex === 0
      ? 'whose log is empty'
      : `whose last entry (${entryWords(lastLogIndex, lastLogTerm)}) is`;
  scene.report(
    voteUpToDate,
    voter,
    `gave its vote of term ${term} to S${candidate}, ${theirs}${lastLogIndex === 0 ? ', and thus' : ''} behind its own (${entryWords(last, lastTerm)})`,
  );
}

/** A pre-vote is given: the same is asked (thesis §9.6), as of now. */
export function checkWouldVote(scene: Scene, voter: ObservedServer, asked: RequestVote): void {
  if (isUpToDate(asked, voter.issued)) return;
  const { last, lastTerm } = voter.issued;
  const theirs = entryWords(asked.lastLogIndex, asked.lastLogTerm);
  scene.report(
    voteUpToDate,
    voter,
    `told S${asked.candidateId} that it would vote for it in term ${asked.term}, ` +
      `whose last entry (${theirs}) is behind its own (${entryWords(last, lastTerm)})`,
  );
}

export function isUpToDate(
  { lastLogIndex, lastLogTerm }: Pick<RequestVote, 'lastLogIndex' | 'lastLogTerm'>,
  log: ObservedLog,
): boolean {
  if (log.lastTerm === COVERED) return true;
  if (lastLogTerm !== log.lastTerm) return lastLogTerm > log.lastTerm;
  return lastLogIndex >= log.last;
}
