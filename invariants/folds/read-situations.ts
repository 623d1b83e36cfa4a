/** What reads that no log holds are like: counters for situations, no verdict. */
import type { Attempt } from '../ledgers/attempts.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import { reigns, type ServerView } from '../ledgers/server-view.ts';
import { ReadHappened } from '../read-situations.ts';

/** A read comes to a server. */
export function countReadAsked(ledgers: Ledgers, server: ServerView): void {
  if (!reigns(server)) return;
  const { situations, commits, leaders } = ledgers;
  const { reignTerm } = server;
  if (leaders.newestTerm > reignTerm) situations.count(ReadHappened.askedTooLate);
  if (commits.termAt(commits.last) < reignTerm) situations.count(ReadHappened.beforeOwnCommit);
}

/** A server answers a read that is in no log. */
export function countReadAnswered(ledgers: Ledgers, server: ServerView, attempt: Attempt): void {
  const { situations, docket, votes, statistics } = ledgers;
  const isAtOnce = attempt.step === docket.step;
  if (attempt.outcome !== 'ok') {
    if (!isAtOnce) situations.count(ReadHappened.givenUp);
    return;
  }
  situations.count(isAtOnce ? ReadHappened.atOnce : ReadHappened.confirmed);
  const { termMax } = statistics;
  if (isAtOnce && termMax > server.reignTerm && votes.candidatesOf(termMax) !== 0) {
    situations.count(ReadHappened.besideCandidate);
  }
}
