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

  text(text: string): void {
    this.fold(text.length);
    for (let i = 0; i < text.length; i += 1) this.fold(text.charCodeAt(i));
  }

  entries(entries: readonly Entry[]): void {
    this.fold(entries.length);
    for (let i = 0; i < entries.length; i += 1) this.entry(entries[i]!);
  }

  entry(entry: Entry): void {
    this.fold(entry.term);
    const command = entry.command;
    if (command === null) {
      this.fold(-1);
    } else {
      // The op of a command is folded where the client invokes it.
      this.fold(command.clientId);
      this.fold(command.seq);
    }
  }

  body(body: Message): void {
    switch (body.kind) {
      case 'AppendEntries':
        this.fold(1);
        this.fold(body.term);
        this.fold(body.leaderId);
        this.fold(body.prevLogIndex);
        this.fold(body.prevLogTerm);
        this.fold(body.leaderCommit);
        this.entries(body.entries);
        return;
      case 'AppendEntriesResponse':
        this.fold(body.success ? 2 : 3);
        this.fold(body.term);
        this.fold(body.matchIndex);
        this.fold(body.conflictTerm);
        this.fold(body.conflictIndex);
        return;
      case 'RequestVote':
        this.fold(4);
        this.fold(body.term);
        this.fold(body.candidateId);
        this.fold(body.lastLogIndex);
        this.fold(body.lastLogTerm);
        return;
      case 'RequestVoteResponse':
        this.fold(body.voteGranted ? 5 : 6);
        this.fold(body.term);
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
