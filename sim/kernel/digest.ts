/**
 * A 64-bit digest of a run, in two 32-bit lanes: equal digests mean the same events, bodies and
 * actions in the same order. Not cryptographic; made to be cheap on every event.
 */
import type { Entry, Message } from '../../core/messages.ts';

export class Digest {
  private low = 0x243f6a88 | 0;
  private high = 0x85a308d3 | 0;

  /** Folds the low 32 bits of a whole number. */
  fold(value: number): void {
    const low = Math.imul(this.low ^ value, 0x9e3779b1);
    this.low = low ^ (low >>> 15);
    this.high = Math.imul(this.high + value, 0x85ebca77) ^ (low >>> 13);
  }

  /** Folds two whole numbers for little more than the price of one: the lanes run side by side. */
  fold2(first: number, second: number): void {
    const low = Math.imul(this.low ^ first, 0x9e3779b1);
    const high = Math.imul(this.high ^ second, 0x85ebca77);
    this.low = low ^ (high >>> 15);
    this.high = high ^ (low >>> 13);
  }

  text(text: string): void {
    const { length } = text;
    const even = length & ~1;
    for (let i = 0; i < even; i += 2) this.fold2(text.charCodeAt(i), text.charCodeAt(i + 1));
    this.fold2(length, even < length ? text.charCodeAt(even) : 0);
  }

  entries(entries: readonly Entry[]): void {
    for (let i = 0; i < entries.length; i += 1) this.entry(entries[i]!);
  }

  entry(entry: Entry): void {
    const command = entry.command;
    // The op of a command is folded where the client invokes it.
    if (command === null) this.fold2(entry.term, -1);
    else this.fold2((entry.term << 16) ^ command.clientId, command.seq);
  }

  body(body: Message): void {
    switch (body.kind) {
      case 'AppendEntries':
        this.fold2(1 + (body.leaderId << 4), body.term);
        this.fold2(body.prevLogIndex, body.prevLogTerm);
        this.fold2(body.leaderCommit, body.entries.length);
        this.entries(body.entries);
        return;
      case 'AppendEntriesResponse':
        this.fold2(body.success ? 2 : 3, body.term);
        if (body.success) this.fold(body.matchIndex);
        else this.fold2(body.conflictTerm, body.conflictIndex);
        return;
      case 'RequestVote':
        this.fold2(4 + (body.candidateId << 4), body.term);
        this.fold2(body.lastLogIndex, body.lastLogTerm);
        return;
      case 'RequestVoteResponse':
        this.fold2(body.voteGranted ? 5 : 6, body.term);
        return;
      default:
        this.text(JSON.stringify(body));
    }
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return hex(this.high) + hex(this.low);
  }
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0');
}
