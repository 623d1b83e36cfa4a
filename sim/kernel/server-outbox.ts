/**
 * Carries out a server's actions in list order. Each action raises its facts at once, so a fault
 * can hit between two actions; what comes after a crash is ignored.
 */
import type { Outbox, Outcome, Write } from '../../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, Term } from '../../core/messages.ts';
import type { Clients } from './clients.ts';
import type { Copy } from './copy.ts';
import type { Network } from './network.ts';
import type { Observation } from './observation.ts';
import type { Process } from './process.ts';
import { beginsCandidacy, beginsReign, noteClaim, type Reign } from './reign.ts';
import type { Fired, TriggerKind, Triggers } from './triggers.ts';

/** A server broke the contract: its own failure, not the bench's. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

export class ServerOutbox implements Outbox {
  private readonly size: number;
  private readonly network: Network;
  private readonly observation: Observation;
  private readonly clients: Clients;
  private readonly triggers: Triggers;
  private readonly copy: Copy;
  private readonly carryOut: (fired: Fired) => void;
  private process: Process | null = null;
  /** The server crashed in the middle of this step. */
  private isCut = false;
  /** Sends that wait for the next other action, sorted by destination. */
  private readonly destinations: NodeId[] = [];
  private readonly bodies: Message[] = [];
  private waitingSends = 0;
  private sentTo = 0;
  private hasApplied = false;
  private highestApplied: LogIndex = 0;

  constructor(
    size: number,
    network: Network,
    observation: Observation,
    clients: Clients,
    triggers: Triggers,
    copy: Copy,
    carryOut: (fired: Fired) => void,
  ) {
    this.size = size;
    this.network = network;
    this.observation = observation;
    this.clients = clients;
    this.triggers = triggers;
    this.copy = copy;
    this.carryOut = carryOut;
  }

  /** The next actions are this server's. */
  open(process: Process): void {
    this.process = process;
    this.isCut = false;
    this.sentTo = 0;
    this.hasApplied = false;
  }

  /** The list of actions is at its end. */
  close(): void {
    const process = this.process!;
    if (!this.isCut) {
      this.flush();
      this.observation.stepEnded(process.node);
      if (this.triggers.waitsForBroadcast) this.noteBroadcast(process);
    }
    this.process = null;
  }

  /** The server is gone: what it had sent is on its way, the rest of its actions is ignored. */
  cut(process: Process): void {
    if (this.process !== process || this.isCut) return;
    this.flush();
    this.isCut = true;
  }

  send(to: NodeId, body: Message): void {
    if (this.isCut || this.isActionFatal()) return;
    const process = this.process!;
    if (!(to >= 1 && to <= this.size) || to === process.node) {
      throw new ContractError(
        `send: expected another server, 1 to ${this.size}, got ${String(to)}`,
      );
    }
    if (typeof body !== 'object' || body === null) {
      throw new ContractError(`send: expected a message, got ${String(body)}`);
    }
    if (this.triggers.watchesSends && this.isSendFatal(body)) return;
    let place = this.waitingSends;
    this.waitingSends += 1;
    while (place > 0 && this.destinations[place - 1]! > to) {
      this.destinations[place] = this.destinations[place - 1]!;
      this.bodies[place] = this.bodies[place - 1]!;
      place -= 1;
    }
    this.destinations[place] = to;
    this.bodies[place] = body;
    this.sentTo |= 1 << to;
    if (this.triggers.watchesSends) this.noteSent(body);
  }

  setTimer(name: string, minMs: number, maxMs: number): void {
    if (this.isCut || this.isActionFatal()) return;
    if (!(minMs >= 0 && minMs <= maxMs)) {
      throw new ContractError(
        `setTimer ${name}: expected 0 <= minMs <= maxMs, got ${minMs}, ${maxMs}`,
      );
    }
    this.flush();
    this.observation.timerSet(this.process!.node, name, minMs, maxMs);
    this.process!.timers.set(name, minMs, maxMs);
  }

  cancelTimer(name: string): void {
    if (this.isCut || this.isActionFatal()) return;
    this.flush();
    this.observation.timerCancelled(this.process!.node, name);
    this.process!.timers.cancel(name);
  }

  persist(id: number, stream: string, after: number, write: Write): void {
    if (this.isCut || this.isActionFatal()) return;
    if (this.triggers.waitsForWrite && this.raise('write', 0)) return;
    const process = this.process!;
    if (!(id > process.lastWriteId)) {
      const last = process.lastWriteId;
      throw new ContractError(`persist: expected an id above ${last}, got ${String(id)}`);
    }
    process.lastWriteId = id;
    this.flush();
    const kept = this.copy(write);
    this.observation.persistIssued(process.node, id, stream, after, kept);
    process.disk.issue(process.boot, id, stream, after, kept, this.network.lastMessageId);
    if (this.triggers.watchesWrites) this.noteIssued(kept);
  }

  apply(index: LogIndex, entry: Entry): void {
    if (this.isCut || this.isActionFatal()) return;
    if (typeof entry !== 'object' || entry === null) {
      throw new ContractError(`apply: expected the entry at ${index}, got ${String(entry)}`);
    }
    const process = this.process!;
    if (this.triggers.waitsForCommit && this.isCommitFatal(process)) return;
    this.flush();
    const kept = this.copy(entry);
    this.observation.applied(process.node, index, kept);
    process.lastApplied = index;
    if (process.machineLog !== null) process.machineLog.note(index, kept);
    if (entry.command !== null) {
      const value = process.stateMachine!.apply(entry.command, index, entry.wallClock ?? 0);
      this.clients.noteApplied(process.node, process.boot, entry.command, value);
    }
    if (index > this.highestApplied) {
      this.highestApplied = index;
      if (this.triggers.waitsForApply) this.raise('apply', -1);
    }
  }

  respond(id: string, outcome: Outcome, hint: NodeId): void {
    if (this.isCut || this.isActionFatal()) return;
    const process = this.process!;
    this.flush();
    const operation = this.clients.waiting(id);
    const isCurrent = operation !== undefined && operation.boot === process.boot;
    const value = isCurrent && outcome === 'ok' && operation.isApplied ? operation.value : null;
    this.observation.responded(process.node, id, outcome, hint, value);
    if (!isCurrent) return;
    this.clients.answer(operation, outcome, hint);
    if (outcome !== 'ok' || !this.triggers.waitsForAcknowledgement) return;
    this.raise('acknowledged', -1);
  }

  takeSnapshot(_index: LogIndex): void {
    throw new Error('not built yet: takeSnapshot');
  }

  restore(_index: LogIndex, _data: string): void {
    throw new Error('not built yet: restore');
  }

  claim(role: 'follower' | 'candidate' | 'leader', term: Term): void {
    if (this.isCut || this.isActionFatal()) return;
    const process = this.process!;
    this.flush();
    this.observation.claimed(process.node, role, term);
    noteClaim(process.reign, role, term);
    if (role === 'leader' && this.triggers.waitsForReign) this.isReignFatal(process.reign);
  }

  halt(reason: string): void {
    if (this.isCut || this.isActionFatal()) return;
    this.flush();
    this.observation.halted(this.process!.node, reason);
    this.carryOut({ fault: -1, subject: this.process!.node });
  }

  note(text: string): void {
    if (this.isCut || this.isActionFatal()) return;
    this.flush();
    this.observation.noted(this.process!.node, text);
  }

  /** A crash point lies before every action: true when the server did not live to carry it out. */
  private isActionFatal(): boolean {
    return this.triggers.waitsForAction && this.raise('action', -1);
  }

  /** The first entry that a leader applies in a step tells that its commit index has advanced. */
  private isCommitFatal(process: Process): boolean {
    if (!process.reign.isLeading || this.hasApplied) return false;
    this.hasApplied = true;
    return this.raise('commit', -1);
  }

  /** The entries that a leader has made so far refine the fact: 0 at its first act. */
  private isReignFatal(reign: Reign): boolean {
    if (this.raise('leader', reign.appends)) return true;
    return reign.isAnother && this.raise('leaderAgain', reign.appends);
  }

  /** Facts about a message that is about to leave: true when the server does not live to send it. */
  private isSendFatal(body: Message): boolean {
    const { reign } = this.process!;
    if (beginsReign(reign, body) && this.isReignFatal(reign)) return true;
    if (beginsCandidacy(reign, body) && this.raise('candidate', -1)) return true;
    if (body.kind === 'RequestVoteResponse')
      return body.voteGranted && this.raise('voteGranted', 0);
    return body.kind === 'AppendEntriesResponse' && body.success && this.raise('success', 0);
  }

  /** The same once it is among those that leave. */
  private noteSent(body: Message): void {
    if (body.kind === 'RequestVoteResponse' && body.voteGranted) this.raiseSent('voteGranted', 1);
    if (body.kind === 'AppendEntriesResponse' && body.success) this.raiseSent('success', 1);
    if (this.isCut || !this.triggers.waitsFor('sendBehindWrite')) return;
    if (this.process!.disk.hasUnfinished()) this.raise('sendBehindWrite', -1);
  }

  private raiseSent(kind: TriggerKind, count: number): void {
    if (!this.triggers.waitsFor(kind)) return;
    this.flush();
    this.raise(kind, count);
  }

  /** Facts about a write that has been issued. */
  private noteIssued(write: Write): void {
    const { reign } = this.process!;
    if (write.kind === 'append' && reign.isLeading && this.triggers.waitsForReign) {
      for (let i = 0; i < write.entries.length; i += 1) {
        reign.appends += 1;
        if (this.isReignFatal(reign)) return;
      }
    }
    if (write.kind === 'truncateFrom' && this.raise('truncate', -1)) return;
    if (this.triggers.waitsForWrite) this.raise('write', 1);
  }

  /** Raises a fact; true when a fault that it fired has ended this server's life. */
  private raise(kind: TriggerKind, count: number): boolean {
    const fired = this.triggers.raise(kind, this.process!.node, count);
    if (fired === null) return false;
    this.flush();
    this.carryOut(fired);
    return this.isCut;
  }

  private noteBroadcast(process: Process): void {
    const everyone = ((1 << (this.size + 1)) - 2) & ~(1 << process.node);
    const isBroadcast = this.sentTo === everyone && process.silentSteps > 0;
    process.silentSteps = this.sentTo === 0 ? process.silentSteps + 1 : 0;
    if (isBroadcast) this.raise('broadcast', -1);
  }

  private flush(): void {
    const count = this.waitingSends;
    if (count === 0) return;
    this.waitingSends = 0;
    const node = this.process!.node;
    for (let i = 0; i < count; i += 1) {
      this.network.send(node, this.destinations[i]!, this.bodies[i]!);
    }
  }
}
