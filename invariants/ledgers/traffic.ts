/** Which messages have arrived, and in which order; places are `from * 8 + to`. */
import type { LogIndex, NodeId, Term } from '../../core/messages.ts';

export class Traffic {
  /** Bit per message id: has arrived once. */
  private arrived = new Uint8Array(1024);
  /** Highest id of an AppendEntries that has arrived. */
  private readonly newest = new Float64Array(64);
  /** 1 after a refusal, until the next AppendEntries. */
  private readonly isRefused = new Uint8Array(64);
  private readonly lastPrevLogIndex = new Int32Array(64);
  /** Index of the last entry that was sent and not answered for; 0 when there is none. */
  private readonly unansweredIndex = new Float64Array(64);

  /** The newest chunk of a snapshot that was sent: its term and snapshot, and how far it went. */
  private readonly chunkTerms = new Float64Array(64);
  private readonly chunkIndexes = new Float64Array(64);
  private readonly chunkOffsets = new Float64Array(64);

  /** False when this message has arrived before. */
  markDelivered(messageId: number): boolean {
    const place = messageId >>> 3;
    const bit = 1 << (messageId & 7);
    if (place >= this.arrived.length) this.grow(place);
    const before = this.arrived[place]!;
    this.arrived[place] = before | bit;
    return (before & bit) === 0;
  }

  /** Has a later AppendEntries of this link arrived already? */
  isOvertaken(from: NodeId, to: NodeId, messageId: number): boolean {
    const link = from * 8 + to;
    if (messageId < this.newest[link]!) return true;
    this.newest[link] = messageId;
    return false;
  }

  /** `to` has refused what `from` sent it. */
  noteRefusal(from: NodeId, to: NodeId): void {
    this.isRefused[from * 8 + to] = 1;
  }

  /** The first AppendEntries after a refusal: by how much does it begin further back? */
  stepsBack(from: NodeId, to: NodeId, prevLogIndex: LogIndex): number {
    const link = from * 8 + to;
    const steps = this.isRefused[link] === 1 ? this.lastPrevLogIndex[link]! - prevLogIndex : 0;
    this.isRefused[link] = 0;
    this.lastPrevLogIndex[link] = prevLogIndex;
    return steps;
  }

  /** Entries are sent: do they follow others that are not answered for? */
  isPipelined(from: NodeId, to: NodeId, prevLogIndex: LogIndex, entryCount: number): boolean {
    const link = from * 8 + to;
    const before = this.unansweredIndex[link]!;
    this.unansweredIndex[link] = prevLogIndex + entryCount;
    return before !== 0 && prevLogIndex >= before;
  }

  /** `from` has answered what `to` sent it. */
  noteAnswer(from: NodeId, to: NodeId): void {
    this.unansweredIndex[to * 8 + from] = 0;
  }

  /** A chunk is sent: has it, or one behind it, been sent before? */
  isChunkAgain(
    from: NodeId,
    to: NodeId,
    term: Term,
    lastIncludedIndex: LogIndex,
    offset: number,
  ): boolean {
    const link = from * 8 + to;
    const isSame = this.chunkTerms[link] === term && this.chunkIndexes[link] === lastIncludedIndex;
    if (isSame && offset <= this.chunkOffsets[link]!) return true;
    this.chunkTerms[link] = term;
    this.chunkIndexes[link] = lastIncludedIndex;
    this.chunkOffsets[link] = offset;
    return false;
  }

  private grow(place: number): void {
    let capacity = this.arrived.length;
    while (capacity <= place) capacity *= 2;
    const larger = new Uint8Array(capacity);
    larger.set(this.arrived);
    this.arrived = larger;
  }
}
