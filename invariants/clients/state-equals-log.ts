/** A state machine holds what the committed log makes of it. */
import type { LogIndex, NodeId } from '../../core/messages.ts';
import { KeyValueModel } from '../ledgers/key-value-model.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { Property } from '../property.ts';

export const stateEqualsLog: Property = {
  id: 'state-equals-log',
  title: 'Replay',
  sentence:
    'The state machine of a server holds exactly what carrying out the committed log through its last applied index gives.',
  section: '§2, §5.4.3',
  kind: 'client',
  facts: ['stateInspected', 'sent', 'applied'],
};

/** The committed log, carried out once: rises with the inspections, and starts anew for older ones. */
export class StateEqualsLog {
  private readonly ledgers: Ledgers;
  private model = new KeyValueModel();
  private index: LogIndex = 0;

  constructor(ledgers: Ledgers) {
    this.ledgers = ledgers;
  }

  check(node: NodeId, index: LogIndex, contents: readonly (readonly [string, string])[]): void {
    const { commits } = this.ledgers;
    if (index > commits.last) {
      this.report(
        node,
        'beyond-commits',
        `has applied index ${index}, and ${commits.last} entries are committed`,
      );
      return;
    }
    this.carryOutThrough(index);
    const key = this.model.differsFrom(contents);
    if (key === null) return;
    const expected = this.model.valueOf(key);
    const found = contents.find(([name]) => name === key);
    this.report(
      node,
      'state-differs',
      `holds ${found === undefined ? 'nothing' : `"${found[1]}"`} under ${key} at index ${index}, ` +
        `and the committed log gives ${expected === null ? 'nothing' : `"${expected}"`}`,
    );
  }

  private carryOutThrough(index: LogIndex): void {
    const { log, commits, commands } = this.ledgers;
    if (index < this.index) {
      this.model = new KeyValueModel();
      this.index = 0;
    }
    while (this.index < index) {
      this.index += 1;
      const payload = log.payloadOf(commits.idAt(this.index));
      if (payload > 0) this.model.carryOut(commands.record(payload).op);
    }
  }

  private report(node: NodeId, rule: string, what: string): void {
    this.ledgers.report(stateEqualsLog, {
      node,
      rule,
      relation: 'differs',
      detail: `The state machine of S${node} ${what}.`,
      messageKind: 'none',
    });
  }
}
