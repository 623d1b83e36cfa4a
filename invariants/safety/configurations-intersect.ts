/** The configuration never jumps: those before and after a change cannot decide apart. */
import type { Term } from '../../core/messages.ts';
import { electableWithout, willingToElect } from '../ledgers/electability.ts';
import type { EraId } from '../ledgers/eras.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const configurationsIntersect: Property = {
  id: 'configurations-intersect',
  title: 'Configurations intersect',
  sentence:
    'Every quorum of a new configuration has a server in common with every quorum of those before it in the same log, back to the last one that is committed, and with every quorum that could elect a server that has another one.',
  section: '§6, thesis §4.1, §4.3',
  kind: 'safety',
  facts: ['persistIssued', 'sent', 'persisted'],
};

/** A leader has made the entry `id`, which holds a configuration: in force at once. */
export function checkConfiguration(ledgers: Ledgers, server: ServerView, id: LogId): void {
  const { log, configurations } = ledgers;
  const era = log.eraOf(id);
  if (!configurations.isQuorum(log.configurationOf(id), ~0)) {
    report(ledgers, server, id, 'no-quorum', 'nobody-votes', 'and nobody can ever decide in it');
  } else if (!checkOwnLog(ledgers, server, id, era)) checkOtherLogs(ledgers, server, id, era);
}

/** Those before it in the same log, which may still be what others decide by. */
function checkOwnLog(ledgers: Ledgers, server: ServerView, id: LogId, era: EraId): boolean {
  const { configurations } = ledgers;
  const { eras } = ledgers.log;
  const made = eras.configurationOf(era);
  let before = era;
  do {
    before = eras.previousOf(before);
    const earlier = eras.configurationOf(before);
    if (configurations.doIntersect(earlier, made)) continue;
    const isNext = before === eras.previousOf(era);
    const what =
      `and a quorum of it need not have a server in common with one of ` +
      `${configurations.describe(earlier)}, which ` +
      (isNext ? 'stands before it' : 'stands further back and is not superseded yet');
    const rule = isNext ? 'neighbours-apart' : 'change-on-change';
    report(ledgers, server, id, rule, 'same-log', what);
    return true;
  } while (before !== 0 && !isSettled(ledgers, before));
  return false;
}

/**
 * What another server holds may be lost, or this may, and mostly they cannot meet. But one that could
 * be elected by its own configuration while this entry is committed by others is a rival: an entry
 * of the own term, committed first, would have made its log too old (thesis §4.1, the bug of 2015).
 */
function checkOtherLogs(ledgers: Ledgers, server: ServerView, id: LogId, era: EraId): void {
  const { log, configurations, servers } = ledgers;
  const made = log.configurationOf(id);
  const followers = ableToFollow(ledgers, log.termOf(id));
  for (const { node, isWiped, durable } of servers) {
    const rival = log.eraOf(durable.tip);
    if (isWiped || node === 0 || rival === era || isBefore(ledgers, rival, era)) continue;
    const other = log.configurationOf(durable.tip);
    if ((configurations.votersOf(other) & (1 << node)) === 0) continue;
    const voters = willingToElect(ledgers, durable.tip);
    if (!configurations.canPart(other, voters, made, followers)) continue;
    const what =
      `while S${node} has ${configurations.describe(other)} in its log, and could be elected by a ` +
      'quorum of that which has no server in common with one of the new configuration';
    report(ledgers, server, id, 'rivals-apart', 'other-log', what);
    return;
  }
}

/** Bit per server that is in no later term than this one, going by its disk. */
function ableToFollow({ servers }: Ledgers, term: Term): number {
  let followers = 0;
  for (const { node, isWiped, durableTerm } of servers) {
    if (!isWiped && durableTerm <= term) followers |= 1 << node;
  }
  return followers;
}

function isBefore({ log }: Ledgers, era: EraId, later: EraId): boolean {
  let at = later;
  while (at !== 0 && at !== era) at = log.eras.previousOf(at);
  return at === era;
}

/** Committed in truth, whoever knows it: no server without it can be elected any more. */
function isSettled(ledgers: Ledgers, era: EraId): boolean {
  const { eras } = ledgers.log;
  const { commits } = ledgers;
  const index = eras.firstIndexOf(era);
  const id = eras.firstOf(era);
  if (index <= commits.last && commits.idAt(index) === id) return true;
  return electableWithout(ledgers, index, id) === 0;
}

function report(
  ledgers: Ledgers,
  server: ServerView,
  id: LogId,
  rule: string,
  relation: string,
  what: string,
): void {
  const { log, configurations } = ledgers;
  ledgers.report(configurationsIntersect, {
    node: server.node,
    rule,
    relation,
    detail:
      `S${server.node} makes an entry with the configuration ` +
      `${configurations.describe(log.configurationOf(id))} at index ${log.indexOf(id)}, ${what}.`,
    messageKind: null,
  });
}
