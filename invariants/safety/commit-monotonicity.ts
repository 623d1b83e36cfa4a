/** What is committed stays committed. */
import type { LogIndex } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const commitMonotonicity: Property = {
  id: 'commit-monotonicity',
  title: 'Commit Monotonicity',
  sentence:
    'What is committed never changes: no leader treats another entry as committed at the same index.',
  section: '§5.3',
  kind: 'safety',
  facts: ['sent', 'applied', 'stepEnded'],
};

/** A leader claims its log `id`. Returns whether it agrees with what is committed already. */
export function checkCommitKept(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  id: LogId,
): boolean {
  const { log, commits, commands } = ledgers;
  const common = Math.min(index, commits.last);
  if (log.ancestorAt(id, common) === commits.idAt(common)) return true;
  if (!ledgers.wants(commitMonotonicity)) return false;
  let first = common;
  while (first > 1 && log.ancestorAt(id, first - 1) !== commits.idAt(first - 1)) first -= 1;
  const claimed = log.ancestorAt(id, first);
  const committed = commits.idAt(first);
  ledgers.report(commitMonotonicity, {
    node: server.node,
    rule: 'committed-differs',
    relation: log.termOf(claimed) < log.termOf(committed) ? 'older-term' : 'newer-term',
    detail:
      `S${server.node}, leader of term ${server.reignTerm}, treats index ${first} as committed with ` +
      `${commands.describe(log.payloadOf(claimed))} of term ${log.termOf(claimed)}, where ` +
      `${commands.describe(log.payloadOf(committed))} of term ${log.termOf(committed)} is committed.`,
    messageKind: null,
  });
  return false;
}
