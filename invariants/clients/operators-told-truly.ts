/** "ok" to an operator is true: what was asked for has happened. "rejected" is: nothing will. */
import type { AdminRequest } from '../../core/contract.ts';
import type { LogIndex, NodeId } from '../../core/messages.ts';
import type { AskedOfServer } from '../ledgers/administration.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const operatorsToldTruly: Property = {
  id: 'operators-told-truly',
  title: 'Operators are told the truth',
  sentence:
    'A server answers ok to an operator only when the configuration asked for is committed, the reign handed over has given way to a later term, or the snapshot asked for is on its disk; and rejected only when no configuration that it has made for that request is ever committed, and no server that it has asked to stand for it is elected by that.',
  section: '§6, §7, thesis §3.10; contract (admin)',
  kind: 'client',
  facts: [
    'adminRequested',
    'responded',
    'persistIssued',
    'sent',
    'delivered',
    'applied',
    'stepEnded',
  ],
};

/**
 * The configuration must be the newest one that was committed when it was asked for, or have come
 * behind that: in the log of the server that says so. Returns its index there; 0 for nothing more to
 * be judged. To answer is to claim that it is committed.
 */
export function checkChangeCommitted(
  ledgers: Ledgers,
  server: ServerView,
  asked: AskedOfServer,
  request: AdminRequest & { readonly kind: 'changeMembership' },
): LogIndex {
  const { log, configurations, commits } = ledgers;
  const { eras } = log;
  const { voters, learners } = request;
  const wanted = configurations.numberOf({ voters, newVoters: null, learners });
  let era = log.eraOf(server.issued.tip);
  while (eras.configurationOf(era) !== wanted && eras.firstIndexOf(era) > asked.committedBefore) {
    era = eras.previousOf(era);
  }
  if (eras.configurationOf(era) === wanted) {
    const index = eras.firstIndexOf(era);
    const isCommitted = index <= commits.last && commits.idAt(index) === eras.firstOf(era);
    return isCommitted ? 0 : index;
  }
  const now = configurations.describe(log.configurationOf(server.issued.tip));
  report(
    ledgers,
    server,
    'change-not-made',
    'other-configuration',
    `${configurations.describe(wanted)}, and the newest configuration in its log is ${now}`,
  );
  return 0;
}

/** The configuration is in the log, and its server cannot know that it is committed. */
export function reportNotCommitted(ledgers: Ledgers, server: ServerView, index: LogIndex): void {
  const what =
    `the configuration at index ${index} of its log; ` +
    `it knows that ${server.toldCommitted} entries are committed`;
  report(ledgers, server, 'change-not-committed', 'not-told', what);
}

/** Not judged where it was not known to lead, or was asked to stay. */
export function checkHandedOver(
  ledgers: Ledgers,
  server: ServerView,
  asked: AskedOfServer,
  to: NodeId,
): void {
  const { reignTerm } = asked;
  if (reignTerm === 0 || to === server.node || server.seenTerm > reignTerm) return;
  const what = `the transfer to S${to}, and knows of no term behind its own, ${reignTerm}`;
  report(ledgers, server, 'still-leads', 'same-term', what);
}

export function checkSnapshotSafe(
  ledgers: Ledgers,
  server: ServerView,
  asked: AskedOfServer,
): void {
  const safe = ledgers.log.indexOf(server.durableSnapshot);
  if (safe >= asked.appliedBefore) return;
  const what =
    `a snapshot, had applied ${asked.appliedBefore} entries when it was asked, ` +
    `and the one on its disk covers ${safe}`;
  report(ledgers, server, 'snapshot-not-safe', 'older-snapshot', what);
}

/** A request was rejected, and the configuration that was made for it is committed. */
export function reportMade(
  ledgers: Ledgers,
  server: ServerView,
  { node, id }: AskedOfServer,
  index: LogIndex,
): void {
  ledgers.report(operatorsToldTruly, {
    node: server.node,
    rule: 'rejected-change-committed',
    relation: server.node === node ? 'same-server' : 'other-server',
    detail:
      `S${node} answers rejected to an operator (${id}), and the configuration that it has made ` +
      `for that, at index ${index}, is committed.`,
    messageKind: null,
  });
}

/** A request was rejected, and the target has stood because of it, and was elected. */
export function reportHandedOver(
  ledgers: Ledgers,
  server: ServerView,
  { node, id, handedTerm }: AskedOfServer,
): void {
  ledgers.report(operatorsToldTruly, {
    node: server.node,
    rule: 'rejected-transfer-won',
    relation: server.node === node ? 'same-server' : 'other-server',
    detail:
      `S${node} answers rejected to an operator (${id}), and the server that it has asked to ` +
      `stand for that is elected in term ${handedTerm}.`,
    messageKind: null,
  });
}

function report(
  ledgers: Ledgers,
  server: ServerView,
  rule: string,
  relation: string,
  what: string,
): void {
  ledgers.report(operatorsToldTruly, {
    node: server.node,
    rule,
    relation,
    detail: `S${server.node} answers ok to an operator who asked for ${what}.`,
    messageKind: null,
  });
}
