/** By key: the newest write that any client has been told of, as an index. Only rises. */
import type { LogIndex } from '../../core/messages.ts';

export class AcknowledgedWrites {
  private readonly indexes = new Map<string, LogIndex>();

  /** A client learns that its command, at this index, is carried out; `answer` tells what it did. */
  note(op: string, answer: string | null, index: LogIndex): void {
    if (!op.startsWith('put')) {
      if (!op.startsWith('cas ') || answer !== 'swapped') return;
    }
    const keyStart = op.indexOf(' ') + 1;
    const keyEnd = op.indexOf(' ', keyStart);
    if (keyEnd < 0) return;
    const key = op.slice(keyStart, keyEnd);
    if (index > (this.indexes.get(key) ?? 0)) this.indexes.set(key, index);
  }

  /** What a read that is asked for now must have seen: nothing older than the log through here. */
  floorOf(op: string): LogIndex {
    if (op.startsWith('get ')) return this.indexes.get(op.slice(4)) ?? 0;
    if (!op.startsWith('range ')) return 0;
    const [, from = '', to = ''] = op.split(' ');
    let floor = 0;
    for (const [key, index] of this.indexes) {
      if (from <= key && key <= to && index > floor) floor = index;
    }
    return floor;
  }
}
