/** All state machines are fed the same entries. */
import type { LogIndex, Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const stateMachineSafety: Property = {
  id: 'state-machine-safety',
  title: 'State Machine Safety',
  sentence:
    'If a server has applied an entry at an index, no server ever applies a different entry there, nor one that differs from what is committed there.',
  section: '§5.4.3',
  kind: 'safety',
  facts: ['applied'],
};

/** `server` applies the entry (term, payload), which is in the ledger of applications if first. */
export function checkStateMachineSafety(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  term: Term,
  payload: number,
): void {
  const { applications, commits, log } = ledgers;
  if (index <= commits.last) {
    const id = commits.idAt(index);
    if (log.termOf(id) !== term || log.payloadOf(id) !== payload) {
      report(ledgers, server, index, term, payload, 'differs-from-committed');
      return;
    }
  }
  if (applications.agrees(index, term, payload)) return;
  report(ledgers, server, index, term, payload, 'differs-from-applied');
}

function report(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  term: Term,
  payload: number,
  rule: string,
): void {
  const { applications, commits, log, commands } = ledgers;
  const isCommitted = rule === 'differs-from-committed';
  const id = commits.idAt(index);
  const otherTerm = isCommitted ? log.termOf(id) : applications.termAt(index);
  const otherPayload = isCommitted ? log.payloadOf(id) : applications.payloadAt(index);
  const fate = isCommitted ? 'committed' : `applied by S${applications.firstNode(index)}`;
  ledgers.report(stateMachineSafety, {
    node: server.node,
    rule,
    relation: term < otherTerm ? 'older-term' : term > otherTerm ? 'newer-term' : 'same-term',
    detail:
      `S${server.node} applies ${commands.describe(payload)} of term ${term} at index ${index}, ` +
      `where ${commands.describe(otherPayload)} of term ${otherTerm} was ${fate}.`,
    messageKind: null,
  });
}
