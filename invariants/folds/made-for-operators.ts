/**
 * What the ledgers learn of what leaders do for operators before they answer: configurations that
 * they make, and servers that they ask to stand. Of a request that is rejected nothing may come.
 */
import type { LogIndex, NodeId, Term } from '../../core/messages.ts';
import { reportHandedOver, reportMade } from '../clients/operators-told-truly.ts';
import type { AskedOfServer } from '../ledgers/administration.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import { heldAt, reigns, type ServerView } from '../ledgers/server-view.ts';

/**
 * A leader has made the entry `id`, which holds a configuration. Who leaves the joint phase does
 * what any leader does, asked or not; and to say again what is in force changes nothing.
 */
export function noteConfigurationMade(ledgers: Ledgers, server: ServerView, id: LogId): void {
  const { log, configurations, leaders, administration } = ledgers;
  const { eras } = log;
  const term = log.termOf(id);
  if (!leaders.isLedBy(term, server.node, server.boot)) return;
  const before = eras.configurationOf(eras.previousOf(log.eraOf(id)));
  const made = log.configurationOf(id);
  if (made === before || configurations.isJoint(before)) return;
  const asked = administration.behind(server, term, (request) => {
    if (request.kind !== 'changeMembership') return false;
    const { voters, learners } = request;
    const wanted = configurations.numberOf({ voters, newVoters: null, learners });
    return configurations.leadsTo(made, wanted);
  });
  if (asked !== null) asked.made = { index: log.indexOf(id), term, isCommitted: false };
}

/** The entry `id`, which holds a configuration, is committed now. */
export function noteConfigurationCommitted(ledgers: Ledgers, server: ServerView, id: LogId): void {
  const { log, administration } = ledgers;
  const index = log.indexOf(id);
  const asked = administration.makerOf(index, log.termOf(id));
  if (asked === undefined) return;
  asked.made!.isCommitted = true;
  if (asked.outcome === 'rejected') reportMade(ledgers, server, asked, index);
}

/** TimeoutNow is sent. */
export function noteAskedToStand(
  ledgers: Ledgers,
  leader: ServerView,
  to: NodeId,
  term: Term,
): void {
  const { administration, docket } = ledgers;
  const asked = administration.behind(leader, term, (request) => {
    return request.kind === 'transferLeadership' && request.to === to;
  });
  if (asked !== null) administration.sendFor(asked, docket.lastMessageId);
}

/** A server stands for election in the very step in which it is asked to. */
export function noteStanding({ administration }: Ledgers, server: ServerView, term: Term): void {
  administration.standFor(server.askedBy, server.node, term);
}

/** A server that was asked to stand once is elected: was it by that? */
export function noteHandedOver(ledgers: Ledgers, server: ServerView, term: Term): void {
  const asked = ledgers.administration.stoodFor(server.node, term);
  if (asked === undefined) return;
  asked.handedTerm = term;
  if (asked.outcome === 'rejected') reportHandedOver(ledgers, server, asked);
}

/** "It did not happen and will not." What happens later is judged when it does. */
export function checkRejection(ledgers: Ledgers, server: ServerView, asked: AskedOfServer): void {
  const { made, handedTerm } = asked;
  if (handedTerm !== 0) reportHandedOver(ledgers, server, asked);
  if (made === null) return;
  if (made.isCommitted) reportMade(ledgers, server, asked, made.index);
  else if (reigns(server) && !holdsMade(ledgers, server, made.index, made.term)) asked.made = null;
}

/** What a leader has dropped because it could not be written is made again only for others. */
function holdsMade({ log }: Ledgers, server: ServerView, index: LogIndex, term: Term): boolean {
  const id = heldAt(log, server, index);
  return id > 0 && log.termOf(id) === term;
}
