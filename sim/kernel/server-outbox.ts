/**
 * Carries out a server's actions in list order. Each action raises its facts at once, so a fault
 * can hit between two actions; what comes after a crash is ignored.
 */
import type { Outcome, Write } from '../../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, Term } from '../../core/messages.ts';
import type { Clients } from './clients.ts';
import type { Copy } from './copy.ts';
import type { Network } from './network.ts';
import type { Observation } from './observation.ts';
import type { ProgramOutbox } from './opaque.ts';
import type { Operation } from './operation.ts';
import type { Operators } from './operators.ts';
import type { ClusterPlan } from './plan.ts';
import { noteClaim } from './reign.ts';
import { TriggeredStep } from './triggered-step.ts';
import type { Fired, Triggers } from './triggers.ts';

/** A server broke the contract: its own failure, not the bench's. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

export class ServerOutbox extends TriggeredStep implements ProgramOutbox {
  private readonly size: number;
  private readonly clients: Clients;
  private readonly operators: Operators;
  private readonly copy: Copy;
  private highestApplied: LogIndex = 0;

  constructor(
    { size, spares }: ClusterPlan,
    network: Network,
    observation: Observation,
    clients: Clients,
    operators: Operators,
    triggers: Triggers,
    copy: Copy,
    isOpaque: boolean,
    carryOut: (fired: Fired) => void,
  ) {
    super(size, network, observation, triggers, isOpaque, carryOut);
    this.size = size + spares;
    this.clients = clients;
    this.operators = operators;
    this.copy = copy;
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
    this.gather(to, body);
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
    if (this.triggers.watchesApplies && this.isApplyFatal(index, entry)) return;
    this.flush();
    const kept = this.copy(entry);
    this.observation.applied(process.node, index, kept);
    process.lastApplied = index;
    if (process.machineLog !== null) process.machineLog.note(index, kept);
    if (entry.command !== null) {
      const value = process.stateMachine!.apply(entry.command, index, entry.wallClock ?? 0);
      this.clients.roster.noteApplied(process.node, process.boot, entry.command, value);
    }
    if (index > this.highestApplied) {
      this.highestApplied = index;
      if (this.triggers.waitsForApply) this.raise('apply', -1);
    }
  }

  takeSnapshot(index: LogIndex): void {
    if (this.isCut || this.isActionFatal()) return;
    checkIndex('takeSnapshot', index);
    const process = this.process!;
    this.flush();
    const data: unknown = process.stateMachine!.snapshot();
    if (typeof data !== 'string') {
      throw new ContractError(`snapshot() of a state machine: expected text, got ${String(data)}`);
    }
    this.observation.snapshotAsked(process.node, index);
    process.snapshots.begin(process.boot, index, data);
    if (process.machineLog !== null) process.machineLog.rememberSnapshot(process.lastApplied, data);
  }

  restore(index: LogIndex, data: string): void {
    if (this.isCut || this.isActionFatal()) return;
    checkIndex('restore', index);
    if (typeof data !== 'string') {
      throw new ContractError(`restore: expected the data of a snapshot, got ${String(data)}`);
    }
    const process = this.process!;
    this.flush();
    this.observation.restored(process.node, index, data);
    process.stateMachine!.restore(data);
    process.lastApplied = index;
    if (process.machineLog !== null) process.machineLog.replace(index, data);
  }

  respond(id: string, outcome: Outcome, hint: NodeId, told?: string | null): void {
    if (this.isCut || this.isActionFatal()) return;
    const process = this.process!;
    this.flush();
    const operation = this.clients.roster.waiting(id);
    const isCurrent = operation !== undefined && this.mayAnswer(operation);
    let value: string | null = null;
    if (isCurrent && outcome === 'ok') {
      if (told !== undefined) {
        value = told;
        operation.value = told;
      } else if (operation.isApplied && operation.node === process.node) value = operation.value;
      else if (operation.isRead) {
        if (this.triggers.waitsForRead && this.raise('readServed', -1)) return;
        value = process.stateMachine!.query(operation.command);
        operation.value = value;
      }
    }
    this.observation.responded(process.node, id, outcome, hint, value);
    if (!isCurrent) {
      if (this.operators.isActive) {
        this.operators.answer(process.node, process.boot, id, outcome, hint);
      }
      return;
    }
    this.clients.answer(operation, outcome, hint);
    if (outcome !== 'ok' || !this.triggers.waitsForAcknowledgement) return;
    this.raise('acknowledged', -1);
  }

  claim(role: 'follower' | 'candidate' | 'leader', term: Term): void {
    if (this.isCut || this.isActionFatal()) return;
    const process = this.process!;
    this.flush();
    this.observation.claimed(process.node, role, term);
    noteClaim(process.reign, role, term);
    if (this.isOpaque && this.isOpaqueClaimFatal(role, term)) return;
    if (role === 'leader' && this.triggers.waitsForReign) this.isReignFatal(process.reign);
  }

  /** Of programs anybody may answer whom somebody has asked: they may pass requests on. */
  private mayAnswer({ boot }: Operation): boolean {
    return this.isOpaque ? boot >= 0 : boot === this.process!.boot;
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
}

function checkIndex(action: string, index: LogIndex): void {
  if (Number.isSafeInteger(index) && index >= 0) return;
  throw new ContractError(`${action}: expected an index of the log, got ${String(index)}`);
}
