/** Which step sent a message, set a timer or issued a write; 0 when no step did. */
import type { NodeId } from '../../core/messages.ts';

export class Causes {
  private readonly messages = new Map<number, number>();
  private readonly timers = new Map<string, number>();
  private readonly writes = new Map<string, number>();
  /** Those that are under way: the host makes them in the order in which they are asked for. */
  private readonly snapshots = new Map<NodeId, number[]>();

  noteMessage(messageId: number, step: number): void {
    this.messages.set(messageId, step);
  }

  noteTimer(node: NodeId, timer: string, step: number): void {
    this.timers.set(`${node}/${timer}`, step);
  }

  /** Ids begin anew in each life; writes of an earlier life never complete. */
  noteWrite(node: NodeId, writeId: number, step: number): void {
    this.writes.set(`${node}/${writeId}`, step);
  }

  noteSnapshot(node: NodeId, step: number): void {
    const asked = this.snapshots.get(node);
    if (asked === undefined) this.snapshots.set(node, [step]);
    else asked.push(step);
  }

  /** A life is over: what it has asked for never comes. */
  forgetSnapshots(node: NodeId): void {
    this.snapshots.delete(node);
  }

  /** To be asked once for each. */
  ofSnapshot(node: NodeId): number {
    return this.snapshots.get(node)?.shift() ?? 0;
  }

  ofMessage(messageId: number): number {
    return this.messages.get(messageId) ?? 0;
  }

  ofTimer(node: NodeId, timer: string): number {
    return this.timers.get(`${node}/${timer}`) ?? 0;
  }

  ofWrite(node: NodeId, writeId: number): number {
    return this.writes.get(`${node}/${writeId}`) ?? 0;
  }
}
