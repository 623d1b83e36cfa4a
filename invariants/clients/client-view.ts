/**
 * A violation seen from outside: could the clients have noticed? Their history is searched for any
 * order at all that one server could have carried out; the committed order is not asked.
 */

import { Origin, Told } from '../ledgers/commands.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import { checkHistory } from '../linearizability/check-history.ts';
import type { CheckOptions, Operation } from '../linearizability/history.ts';

/** Far less than a second: runs are short, and the verdict does not rest on it. */
const STEPS_MAX = 200_000;
/** So many operations of an anomaly are listed. */
const LISTED_MAX = 8;

/** A sentence. */
export function clientsView(ledgers: Ledgers): string {
  const { operations, initial } = historyOf(ledgers);
  const { verdict, anomaly } = checkHistory(operations, { initial, stepsMax: STEPS_MAX });
  ledgers.statistics.historiesChecked += 1;
  switch (verdict) {
    case 'linearizable':
      return 'No client can tell so far: another order explains what they were told.';
    case 'unknown':
      ledgers.statistics.historiesUndecided += 1;
      return 'Whether clients can tell is not known: the search was given up.';
    case 'not-linearizable': {
      const listed = anomaly.slice(0, LISTED_MAX).map(words).join('; ');
      const more = anomaly.length > LISTED_MAX ? `; and ${anomaly.length - LISTED_MAX} more` : '';
      return `Clients can tell, for no order explains these: ${listed}${more}.`;
    }
  }
}

/** What clients have called and were told, as far as it is still known. */
function historyOf({ commands, replay }: Ledgers): {
  readonly operations: readonly Operation[];
  readonly initial: CheckOptions['initial'];
} {
  const operations: Operation[] = [];
  let initial: CheckOptions['initial'] = replay.base > 0 ? 'unknown' : 'empty';
  for (const record of commands.all()) {
    const { op, clientId, seq, origin, told, value, invokedUs, acknowledgedUs } = record;
    if (origin === Origin.image) initial = 'unknown';
    if (origin !== Origin.client) continue;
    operations.push({
      name: `client ${clientId}, seq ${seq}`,
      op,
      invokedUs,
      returnedUs: acknowledgedUs,
      outcome: told === Told.ok ? 'ok' : told === Told.fail ? 'fail' : 'info',
      value,
    });
  }
  return { operations, initial };
}

function words({ name, op, invokedUs, returnedUs, outcome, value }: Operation): string {
  if (outcome !== 'ok') return `"${op}" (${name}, from ${invokedUs} us, never answered)`;
  const found = op.startsWith('get ') ? ' finds nothing' : '';
  const answer = value === null ? found : ` gives "${value}"`;
  return `"${op}"${answer} (${name}, ${invokedUs} to ${returnedUs} us)`;
}
