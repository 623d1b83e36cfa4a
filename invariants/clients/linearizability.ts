/**
 * To clients the cluster looks like one server. The committed order is the witness: it must explain
 * every answer, and respect real time. O(n), at the end of a run.
 */
import { type CommandRecord, Told } from '../ledgers/commands.ts';
import { KeyValueModel } from '../ledgers/key-value-model.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { Property } from '../property.ts';

export const linearizability: Property = {
  id: 'linearizability',
  title: 'Linearizability',
  sentence:
    'Every answer is what a single server would have given that carries out the commands in the committed order, each between its call and its answer.',
  section: '§8',
  kind: 'client',
  facts: ['invoked', 'returned', 'sent', 'applied', 'phaseBegan'],
};

/** The run is over. */
export function checkLinearizability(ledgers: Ledgers): void {
  checkAllCommitted(ledgers);
  checkResults(ledgers);
  checkRealTime(ledgers);
}

function checkAllCommitted(ledgers: Ledgers): void {
  const { commands } = ledgers;
  for (let payload = 1; payload < commands.count; payload += 1) {
    const { told, committedAt } = commands.record(payload);
    if (told !== Told.ok || committedAt !== 0) continue;
    report(
      ledgers,
      'acknowledged-but-lost',
      'missing',
      `${commands.describe(payload)} was acknowledged, and is not in the committed log.`,
    );
    return;
  }
}

function checkResults(ledgers: Ledgers): void {
  const { commands, commits } = ledgers;
  const model = new KeyValueModel();
  for (let index = 1; index <= commits.last; index += 1) {
    const record = recordAt(ledgers, index);
    if (record === null) continue;
    const answer = model.carryOut(record.op);
    if (record.told !== Told.ok || record.committedAt !== index) continue;
    if (record.value === answer) continue;
    const payload = ledgers.log.payloadOf(commits.idAt(index));
    report(
      ledgers,
      record.readOnly ? 'wrong-read' : 'wrong-result',
      answer === null
        ? 'value-from-nowhere'
        : record.value === null
          ? 'value-missing'
          : 'other-value',
      `${commands.describe(payload)}, committed at index ${index}, was answered with ` +
        `${quote(record.value)}; the log through there gives ${quote(answer)}.`,
    );
    return;
  }
}

/** From the end: nothing that stands behind an entry was answered before that entry was invoked. */
function checkRealTime(ledgers: Ledgers): void {
  const { commands, commits, log } = ledgers;
  let earliestAnswerUs = Number.POSITIVE_INFINITY;
  let earliest = 0;
  for (let index = commits.last; index > 0; index -= 1) {
    const record = recordAt(ledgers, index);
    if (record === null || record.committedAt !== index) continue;
    if (earliestAnswerUs < record.invokedUs) {
      const before = commands.describe(log.payloadOf(commits.idAt(earliest)));
      const after = commands.describe(log.payloadOf(commits.idAt(index)));
      report(
        ledgers,
        'real-time',
        'order-reversed',
        `${before} was answered at ${earliestAnswerUs} us, before ${after} was invoked at ${record.invokedUs} us, and stands behind it in the committed log (${earliest} > ${index}).`,
      );
      return;
    }
    if (record.acknowledgedUs < earliestAnswerUs) {
      earliestAnswerUs = record.acknowledgedUs;
      earliest = index;
    }
  }
}

/** The command committed at this index; null for none. */
function recordAt(ledgers: Ledgers, index: number): CommandRecord | null {
  const payload = ledgers.log.payloadOf(ledgers.commits.idAt(index));
  return payload <= 0 ? null : ledgers.commands.record(payload);
}

function quote(value: string | null): string {
  return value === null ? 'nothing' : `"${value}"`;
}

function report(ledgers: Ledgers, rule: string, relation: string, detail: string): void {
  ledgers.report(linearizability, { node: 0, rule, relation, detail, messageKind: 'none' });
}
