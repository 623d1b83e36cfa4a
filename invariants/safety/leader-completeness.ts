/**
 * What is committed is in the log of every later leader. Judged twice, because a leader may appear
 * before a commit of an older term is claimed: when a leader appears, against what was committed
 * below its term; when an entry is claimed, against the later leaders there are.
 */
import type { LogIndex, Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { Property } from '../property.ts';

export const leaderCompleteness: Property = {
  id: 'leader-completeness',
  title: 'Leader Completeness',
  sentence:
    'An entry that is committed in a term is in the logs of the leaders of all higher terms.',
  section: '§5.4',
  kind: 'safety',
  facts: ['sent', 'persistIssued', 'applied'],
};

/** A leader of this term appears. */
export function checkNewLeaderComplete(ledgers: Ledgers, term: Term): void {
  const { commits } = ledgers;
  const index = commits.highestBelow(term);
  if (index > 0) checkComplete(ledgers, term, index, commits.idAt(index), 'at-election');
}

/** A leader of `claimTerm` claims for the first time that its log through `index` is committed. */
export function checkLaterLeadersComplete(
  ledgers: Ledgers,
  claimTerm: Term,
  index: LogIndex,
  id: LogId,
): void {
  const { terms, newestTerm } = ledgers.leaders;
  if (newestTerm <= claimTerm) return;
  for (let i = 0; i < terms.length; i += 1) {
    if (terms[i]! > claimTerm) checkComplete(ledgers, terms[i]!, index, id, 'at-commit');
  }
}

function checkComplete(
  ledgers: Ledgers,
  term: Term,
  index: LogIndex,
  id: LogId,
  rule: string,
): void {
  const { log, leaders, commits } = ledgers;
  const tip = leaders.electionTip(term);
  if (log.ancestorAt(tip, index) === id || !ledgers.wants(leaderCompleteness)) return;
  let first = index;
  while (first > 1 && log.ancestorAt(tip, first - 1) !== log.ancestorAt(id, first - 1)) first -= 1;
  const node = leaders.nodeOf(term);
  const commitTerm = commits.termAt(first);
  ledgers.report(leaderCompleteness, {
    node,
    rule,
    relation: log.indexOf(tip) < first ? 'entry-missing' : 'other-entry',
    detail:
      `S${node} was elected leader of term ${term} without the committed entry at index ${first}` +
      `${commitTerm === 0 ? '' : ` (commit term ${commitTerm})`}: its log had ` +
      `${log.indexOf(tip)} entries, the last of term ${log.termOf(tip)}.`,
    messageKind: null,
  });
}
