/**
 * A 64-bit digest of a run, in two 32-bit lanes: equal digests mean the same events, bodies and
 * actions in the same order. Not cryptographic; made to be cheap on every event.
 */
import type { AdminRequest, Write } from '../../core/contract.ts';
import type { Configuration, Entry, Message, NodeId, Snapshot } from '../../core/messages.ts';
import type { Json } from '../protocol/json.ts';
import type { OpaqueMessage, OpaqueWrite } from './opaque.ts';

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
    if (command === null) {
      this.fold2(entry.term, -1);
      if (entry.configuration !== undefined) this.configuration(entry.configuration);
    } else {
      this.fold2((entry.term << 16) ^ command.clientId, command.seq);
      if (command.session !== undefined) this.long(-1 - command.session);
    }
    if (entry.wallClock !== undefined) this.long(entry.wallClock);
  }

  body(body: Message): void {
    switch (body.kind) {
      case 'AppendEntries':
        this.fold2(1 + (body.leaderId << 4), body.term);
        this.fold2(body.prevLogIndex, body.prevLogTerm);
        this.fold2(body.leaderCommit, body.entries.length);
        this.entries(body.entries);
        if (body.round !== undefined) this.fold(body.round);
        return;
      case 'AppendEntriesResponse':
        this.fold2(body.success ? 2 : 3, body.term);
        if (body.success) this.fold(body.matchIndex);
        else this.fold2(body.conflictTerm, body.conflictIndex);
        if (body.round !== undefined) this.fold(body.round);
        return;
      case 'RequestVote':
        this.fold2(4 + (body.candidateId << 4), body.term);
        this.fold2(body.lastLogIndex, body.lastLogTerm);
        if (body.preVote !== undefined) this.text('preVote');
        if (body.leadershipTransfer !== undefined) this.text('leadershipTransfer');
        return;
      case 'RequestVoteResponse':
        this.fold2(body.voteGranted ? 5 : 6, body.term);
        if (body.preVote !== undefined) this.text('preVote');
        return;
      case 'InstallSnapshot':
        this.fold2(7 + (body.leaderId << 4), body.term);
        this.fold2(body.lastIncludedIndex, body.lastIncludedTerm);
        this.configuration(body.configuration);
        this.fold2(body.offset, body.done ? 1 : 0);
        this.text(body.data);
        if (body.round !== undefined) this.fold(body.round);
        return;
      case 'InstallSnapshotResponse':
        this.fold2(body.done ? 8 : 9, body.term);
        this.fold2(body.lastIncludedIndex, body.nextOffset);
        if (body.round !== undefined) this.fold(body.round);
        return;
      case 'TimeoutNow':
        this.fold2(10 + (body.leaderId << 4), body.term);
        return;
      default:
        this.opaque(body);
    }
  }

  write(write: Write, stream: string): void {
    switch (write.kind) {
      case 'append':
        this.fold2(1, write.entries.length);
        this.entries(write.entries);
        return;
      case 'hardState':
        this.fold(2);
        this.fold2(write.currentTerm, write.votedFor);
        this.fold(write.commitIndex);
        return;
      case 'truncateFrom':
        this.fold2(3, write.index);
        return;
      case 'overwrite':
        this.fold2(4, write.index);
        this.entries(write.entries);
        return;
      case 'compactTo':
        this.fold2(5, write.index);
        return;
      case 'snapshot':
        this.snapshot(write.snapshot);
        return;
      default:
        this.text(stream);
        this.json((write as OpaqueWrite).write as Json);
    }
  }

  /** Field by field: a trace may hold them in another order. */
  request(request: AdminRequest): void {
    switch (request.kind) {
      case 'changeMembership':
        this.fold(1);
        this.nodes(request.voters);
        this.nodes(request.learners);
        return;
      case 'transferLeadership':
        this.fold2(2, request.to);
        return;
      case 'takeSnapshot':
        this.fold(3);
    }
  }

  /** A body of no paper. */
  private opaque(body: OpaqueMessage | { readonly kind: string }): void {
    if (body.kind !== 'Opaque') {
      this.text(JSON.stringify(body));
      return;
    }
    const { body: inner, about } = body as OpaqueMessage;
    this.json(inner);
    if (about !== null) this.json(about);
  }

  /** Equal for equal values, whatever the order of their keys. */
  private json(value: Json): void {
    if (typeof value === 'string') {
      this.fold(11);
      this.text(value);
    } else if (typeof value === 'number') {
      if (value === (value | 0)) this.fold2(12, value);
      else this.text(String(value));
    } else if (value === null || typeof value === 'boolean') {
      this.fold(value === null ? 13 : value ? 14 : 15);
    } else if (Array.isArray(value)) {
      this.fold2(16, value.length);
      for (let i = 0; i < value.length; i += 1) this.json(value[i]);
    } else this.object(value as { readonly [key: string]: Json });
  }

  private object(value: { readonly [key: string]: Json }): void {
    const keys = sortedKeys(value);
    this.fold2(17, keys.length);
    for (let i = 0; i < keys.length; i += 1) {
      this.text(keys[i]!);
      this.json(value[keys[i]!]!);
    }
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return hex(this.high) + hex(this.low);
  }

  private snapshot(snapshot: Snapshot): void {
    this.fold2(6, snapshot.lastIncludedIndex);
    this.fold(snapshot.lastIncludedTerm);
    this.configuration(snapshot.configuration);
    this.text(snapshot.data);
  }

  private configuration({ voters, newVoters, learners }: Configuration): void {
    this.nodes(voters);
    if (newVoters === null) this.fold(-1);
    else this.nodes(newVoters);
    this.nodes(learners);
  }

  private nodes(nodes: readonly NodeId[]): void {
    this.fold(nodes.length);
    for (let i = 0; i < nodes.length; i += 1) this.fold(nodes[i]!);
  }

  /** A whole number that may need more than 32 bits. */
  private long(value: number): void {
    this.fold2(value, Math.floor(value / 0x100000000));
  }
}

/** By insertion: they are few, and often in order already. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  if (keys.length > 20) return keys.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  for (let i = 1; i < keys.length; i += 1) {
    const key = keys[i]!;
    let place = i;
    while (place > 0 && keys[place - 1]! > key) {
      keys[place] = keys[place - 1]!;
      place -= 1;
    }
    keys[place] = key;
  }
  return keys;
}

/** Tells the few names of one kind apart without reading them whole on every event. */
export function nameCode(name: string): number {
  const { length } = name;
  if (length === 0) return 0;
  return (length << 16) ^ (name.charCodeAt(0) << 8) ^ name.charCodeAt(length - 1);
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0');
}
