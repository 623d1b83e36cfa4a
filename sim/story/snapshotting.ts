/** Snapshots: taken, received, put in the place of a log; and logs that become shorter by them. */
import type { ActionRecord, StepRecord } from '../trace/format.ts';
import { verb } from './beat.ts';
import type { Narration } from './narration.ts';
import type { ToldServer } from './told-server.ts';

/** Writes of this step, which the server has issued already. */
export function tellSnapshots(
  narrator: Narration,
  { node }: ToldServer,
  step: StepRecord,
  own: readonly ActionRecord[],
): void {
  for (const action of own) {
    if (action.k === 'restored' && step.k !== 'started') {
      const { index } = action;
      narrator.tell({
        nodes: [node],
        weight: 54,
        text: (name) =>
          `${name} puts the snapshot through index ${index} in the place of what it had applied`,
      });
    }
    if (action.k !== 'persistIssued') continue;
    const { write } = action;
    if (write.kind === 'compactTo') {
      narrator.tell({
        nodes: [node],
        weight: 30,
        key: `drops ${write.index}`,
        text: (name) =>
          `${name} ${verb(name, 'drops its log', 'drop their logs')} through index ${write.index}`,
      });
    } else if (write.kind === 'snapshot') {
      const { lastIncludedIndex, lastIncludedTerm } = write.snapshot;
      const from = step.k === 'delivered' ? ` of S${step.from}` : '';
      narrator.tell({
        nodes: [node],
        weight: from === '' ? 40 : 46,
        text: (name) =>
          `${name} writes ${from === '' ? 'a' : 'the'} snapshot${from} through index ${lastIncludedIndex} (term ${lastIncludedTerm})`,
      });
    }
  }
}
