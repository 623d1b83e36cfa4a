/** The configuration never jumps: those before and after a change cannot decide apart. */
import { electableWithout } from '../ledgers/electability.ts';
import type { EraId } from '../ledgers/eras.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const configurationsIntersect: Property = {
  id: 'configurations-intersect',
  title: 'Configurations intersect',
  sentence:
    'Every quorum of a new configuration has a server in common with every quorum of those before it in the same log, back to the last one that is committed.',
  section: '§6, thesis §4.1, §4.3',
  kind: 'safety',
  facts: ['persistIssued', 'sent', 'persisted'],
};

/**
 * A leader has made the entry `id`, which holds a configuration: in force at once. Configurations of
 * other logs do not matter, however near: theirs may be lost, or these.
 */
export function checkConfiguration(ledgers: Ledgers, server: ServerView, id: LogId): void {
  const { log, configurations } = ledgers;
  const { eras } = log;
  const era = log.eraOf(id);
  const made = eras.configurationOf(era);
  if (!configurations.isQuorum(made, ~0)) {
    report(ledgers, server, id, 'no-quorum', 'nobody-votes', 'and nobody can ever decide in it');
    return;
  }
  let before = era;
  do {
    before = eras.previousOf(before);
    const earlier = eras.configurationOf(before);
    if (!configurations.doIntersect(earlier, made)) {
      const isNext = before === eras.previousOf(era);
      const what =
        `and a quorum of it need not have a server in common with one of ` +
        `${configurations.describe(earlier)}, which ` +
        (isNext ? 'stands before it' : 'stands further back and is not superseded yet');
      report(
        ledgers,
        server,
        id,
        isNext ? 'neighbours-apart' : 'change-on-change',
        'disjoint',
        what,
      );
      return;
    }
  } while (before !== 0 && !isSettled(ledgers, before));
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
