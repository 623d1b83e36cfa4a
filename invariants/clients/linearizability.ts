/**
 * To clients the cluster looks like one server. The committed order is the witness: it must explain
 * every answer, and respect real time.
 */
import { type CommandRecord, Told } from '../ledgers/commands.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { Property } from '../property.ts';
import { clientsView } from './client-view.ts';

export const linearizability: Property = {
  id: 'linearizability',
  title: 'Linearizability',
  sentence:
    'Every answer is what a single server would have given that carries out the commands in the committed order, each between its call and its answer.',
  section: '§8',
  kind: 'client',
  facts: ['invoked', 'returned', 'sent', 'applied', 'responded', 'stepEnded', 'phaseBegan'],
};

/** The run is over: whatever was acknowledged is committed by now. */
export function checkAllCommitted(ledgers: Ledgers): void {
  const { commands } = ledgers;
  for (const payload of ledgers.unconfirmed) {
    const { told, committedAt, readAt } = commands.record(payload);
    if (told !== Told.ok || committedAt !== 0 || readAt !== 0) continue;
    report(
      ledgers,
      'acknowledged-but-lost',
      'missing',
      `${commands.describe(payload)} was acknowledged, and is not in the committed log.`,
    );
    return;
  }
}

/** The answer to a command of the log is not what the log gives. */
export function checkLogged(ledgers: Ledgers, payload: number, record: CommandRecord): void {
  const { value, answer = null, committedAt, readOnly } = record;
  report(
    ledgers,
    readOnly ? 'wrong-read' : 'wrong-result',
    relationOf(value, answer),
    `${ledgers.commands.describe(payload)}, committed at index ${committedAt}, was answered with ` +
      `${quote(value)}; the log through there gives ${quote(answer)}.`,
  );
}

/**
 * A read without the log takes place where the server that answered it had got to: it misses nothing
 * that anybody was told of before it was asked for, and finds what the log through there gives.
 */
export function checkDirectRead(ledgers: Ledgers, payload: number, record: CommandRecord): void {
  const { replay, commands } = ledgers;
  const { op, value, readAt, freshFrom, floors } = record;
  const what = `${commands.describe(payload)}, answered at index ${readAt} without the log,`;
  const missed =
    readAt < freshFrom
      ? freshFrom
      : (floors.find(([key, index]) => replay.keys.changedBetween(key, readAt, index))?.[1] ?? 0);
  if (missed !== 0) {
    report(
      ledgers,
      'stale-read',
      'older-index',
      `${what} knows nothing of the log through index ${missed}, of which a client was told before the read was invoked.`,
    );
    return;
  }
  if (readAt < replay.base) return;
  const answer = replay.keys.read(op, readAt);
  if (value === answer) return;
  report(
    ledgers,
    'wrong-read',
    relationOf(value, answer),
    `${what} found ${quote(value)}; the log through there gives ${quote(answer)}.`,
  );
}

/**
 * A command is carried out. None before it in the log may have been invoked after its answer: answers
 * that come later than this moment are later than all those calls.
 */
export function checkOrder(ledgers: Ledgers, payload: number, record: CommandRecord): void {
  const { newest, commands } = ledgers;
  if (record.acknowledgedUs < newest.invokedUs) {
    const after = commands.record(newest.payload);
    report(
      ledgers,
      'real-time',
      'order-reversed',
      `${commands.describe(payload)} was answered at ${record.acknowledgedUs} us, before ` +
        `${commands.describe(newest.payload)} was invoked at ${after.invokedUs} us, and stands ` +
        `behind it in the committed log (${record.committedAt} > ${after.committedAt}).`,
    );
  }
  if (record.invokedUs <= newest.invokedUs) return;
  newest.invokedUs = record.invokedUs;
  newest.payload = payload;
}

function relationOf(value: string | null, answer: string | null): string {
  if (answer === null) return 'value-from-nowhere';
  return value === null ? 'value-missing' : 'other-value';
}

function quote(value: string | null): string {
  return value === null ? 'nothing' : `"${value}"`;
}

/** The committed order is what servers have carried out, so this is wrong whatever clients can see. */
function report(ledgers: Ledgers, rule: string, relation: string, what: string): void {
  if (!ledgers.wants(linearizability)) return;
  const detail = `${what} ${clientsView(ledgers)}`;
  ledgers.report(linearizability, { node: 0, rule, relation, detail, messageKind: 'none' });
}
