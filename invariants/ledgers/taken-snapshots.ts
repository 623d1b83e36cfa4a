/**
 * What state machines were when snapshots of them were asked for: content → the indexes through
 * which a state machine that held it had applied the log. What a server says of a snapshot is not
 * asked; what it had applied is known.
 */
import type { LogIndex, NodeId } from '../../core/messages.ts';

export class TakenSnapshots {
  private readonly indexesByContent = new Map<string, LogIndex[]>();
  /** By node: asked for in this life and not taken yet, as [index given, index applied]. */
  private readonly asked: [LogIndex, LogIndex][][] = Array.from({ length: 8 }, () => []);

  /** A server that has applied everything through `applied` asks, and names `index`. */
  ask(node: NodeId, index: LogIndex, applied: LogIndex): void {
    this.asked[node]!.push([index, applied]);
  }

  /** The host has taken what was asked for under this index. */
  take(node: NodeId, index: LogIndex, data: string): void {
    const asked = this.asked[node]!;
    const place = asked.findIndex(([given]) => given === index);
    if (place < 0) return;
    const [[, applied]] = asked.splice(place, 1) as [[LogIndex, LogIndex]];
    const indexes = this.indexesByContent.get(data);
    if (indexes === undefined) this.indexesByContent.set(data, [applied]);
    else if (!indexes.includes(applied)) indexes.push(applied);
  }

  /** A life is over: nobody is told any more of what it asked for. */
  forget(node: NodeId): void {
    this.asked[node]!.length = 0;
  }

  /** Nobody can have a snapshot any more of an index below this one. */
  forgetBelow(floor: LogIndex): void {
    for (const [data, indexes] of this.indexesByContent) {
      const kept = indexes.filter((index) => index >= floor);
      if (kept.length === 0) this.indexesByContent.delete(data);
      else if (kept.length < indexes.length) this.indexesByContent.set(data, kept);
    }
  }

  /** Where state machines held this; null when nobody ever took it. */
  indexesOf(data: string): readonly LogIndex[] | null {
    return this.indexesByContent.get(data) ?? null;
  }
}
