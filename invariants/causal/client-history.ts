/**
 * To clients the cluster looks like one server. The sequence that servers apply is tried first: it
 * explains nearly every history. Where it does not, the history is searched for any order at all,
 * and only when there is none is the history wrong.
 */
import { linearizability } from '../clients/linearizability.ts';
import { checkHistory } from '../linearizability/check-history.ts';
import type { Operation } from '../linearizability/history.ts';
import type { Property } from '../property.ts';
import { type AskedCommand, nameOf } from './asked-commands.ts';
import { type CausalLedgers, ms } from './causal-ledgers.ts';

export const acknowledgedWritesSurvive: Property = {
  id: 'acknowledged-writes-survive',
  title: 'Acknowledged writes survive',
  sentence:
    'Every write that was answered with ok is in the sequence that servers apply, and still is when the faults are over.',
  section: '§5.4, §8',
  kind: 'client',
  facts: ['responded', 'applied', 'phaseBegan', 'inspected'],
};

/** Far less than a second: histories are short. */
const STEPS_MAX = 200_000;
/** So many operations of an anomaly are listed. */
const LISTED_MAX = 8;

/** A client has its answer: does the sequence explain it? */
export function checkAnswer(ledgers: CausalLedgers, command: AskedCommand): void {
  const { keys } = ledgers;
  const place = placeOf(command);
  if (!isExplained(ledgers, command, place)) searchHistory(ledgers, command);
  if (place >= 0) keys.noteTold(command.op, place);
}

/** Where the operation takes place in the sequence: behind so many commands; -1 for nowhere. */
function placeOf({ readAt, position }: AskedCommand): number {
  if (readAt >= 0) return readAt;
  return position === 0 ? -1 : position;
}

function isExplained(
  { keys, sequence }: CausalLedgers,
  { op, readOnly, value, answer, floors }: AskedCommand,
  place: number,
): boolean {
  // A write that no server has applied is reported where it is answered.
  if (!readOnly) return place < 0 || value === answer;
  if (place < 0 || place > sequence.length) return false;
  if (keys.read(op, place) !== value) return false;
  for (const [key, told] of floors) if (keys.changedBetween(key, place, told)) return false;
  return true;
}

/** The run is over: whatever looked wrong is searched once more, and nothing may be lost. */
export function checkHistoryAtEnd(ledgers: CausalLedgers): void {
  if (ledgers.isSuspicious) searchHistory(ledgers, null);
  for (const command of ledgers.commands.all) {
    if (!command.isPromised || command.position !== 0) continue;
    ledgers.report(
      acknowledgedWritesSurvive,
      0,
      'never-applied',
      'missing',
      `${nameOf(command)} (${command.op}) was answered with ok, and no server has ever applied it.`,
    );
    return;
  }
}

function searchHistory(ledgers: CausalLedgers, last: AskedCommand | null): void {
  ledgers.isSuspicious = true;
  if (!ledgers.docket.wants(linearizability)) return;
  const operations = ledgers.commands.all.map(operationOf);
  const { verdict, anomaly } = checkHistory(operations, { initial: 'empty', stepsMax: STEPS_MAX });
  ledgers.statistics.historiesChecked += 1;
  if (verdict === 'unknown') ledgers.statistics.historiesUndecided += 1;
  if (verdict !== 'not-linearizable') return;
  const listed = anomaly.slice(0, LISTED_MAX).map(words).join('; ');
  const more = anomaly.length > LISTED_MAX ? `; and ${anomaly.length - LISTED_MAX} more` : '';
  const isDirect = last !== null && last.readAt >= 0;
  ledgers.report(
    linearizability,
    0,
    isDirect ? 'stale-read' : 'wrong-read',
    last === null || last.value !== null ? 'other-value' : 'value-missing',
    `No order of the operations explains what the clients saw: ${listed}${more}.`,
  );
}

function operationOf(command: AskedCommand): Operation {
  const { op, invokedUs, returnedUs, told, value } = command;
  const outcome = told === 'nothing' ? 'info' : told;
  return { name: nameOf(command), op, invokedUs, returnedUs, outcome, value };
}

function words({ name, op, invokedUs, returnedUs, outcome, value }: Operation): string {
  if (outcome !== 'ok') return `${name} "${op}" from ${ms(invokedUs)}, never answered`;
  const isRead = op.startsWith('get ');
  const found = value === null ? (isRead ? ' found nothing' : '') : ` found "${value}"`;
  return `${name} "${op}"${found} (${ms(invokedUs)} to ${ms(returnedUs)})`;
}
