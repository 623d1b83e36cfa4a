/** A follower's success is true: what it confirms is what its leader has. */
import type { LogIndex, NodeId, Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import { heldAt, type ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';
import { checkTermDurable, reportLogNotDurable } from './durable-promise.ts';

export const trueSuccess: Property = {
  id: 'true-success',
  title: 'True success',
  sentence:
    'A follower that reports success through an index has the log of its leader through that index.',
  section: '§5.3, Figure 2 (AppendEntries)',
  kind: 'safety',
  facts: ['sent', 'delivered', 'persistIssued', 'persisted'],
};

/** AppendEntriesResponse with success, at the moment it is sent. */
export function checkSuccess(
  ledgers: Ledgers,
  server: ServerView,
  leader: NodeId,
  term: Term,
  matchIndex: LogIndex,
): void {
  checkTermDurable(ledgers, server, term);
  const expected = verifiedAt(ledgers, server, term, matchIndex);
  if (expected >= 0 && server.durable.at(matchIndex) === expected) return;
  if (expected >= 0 && heldAt(ledgers.log, server, matchIndex) === expected) {
    reportLogNotDurable(ledgers, server, matchIndex);
    return;
  }
  const brought = ledgers.log.indexOf(ledgers.stamps.get(term * 8 + server.node));
  ledgers.report(trueSuccess, {
    node: server.node,
    rule: expected < 0 ? 'beyond-what-came' : 'other-log',
    relation: matchIndex > server.issued.last ? 'log-too-short' : 'entries-differ',
    detail:
      `S${server.node} reports success through index ${matchIndex} to S${leader} in term ${term}; ` +
      (expected < 0
        ? `messages of that leader have brought it only through index ${brought}.`
        : `its log is not that leader's log through there (it has ${server.issued.last} entries).`),
    messageKind: 'AppendEntriesResponse',
  });
}

/** The log that the leader's messages, or commits, have shown this server; -1 when none did. */
function verifiedAt(ledgers: Ledgers, server: ServerView, term: Term, matchIndex: LogIndex): LogId {
  const { log, commits } = ledgers;
  const stamp = ledgers.stamps.get(term * 8 + server.node);
  if (log.indexOf(stamp) >= matchIndex) return log.ancestorAt(stamp, matchIndex);
  return matchIndex <= commits.last ? commits.idAt(matchIndex) : -1;
}
