import type { Outbox, Outcome, StreamName, Write } from '../../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, Term } from '../../core/messages.ts';

/** An action as data, in the order in which it was taken. */
export type Action =
  | { kind: 'send'; to: NodeId; body: Message }
  | { kind: 'setTimer'; name: string; minMs: number; maxMs: number }
  | { kind: 'cancelTimer'; name: string }
  | { kind: 'persist'; id: number; stream: StreamName; after: number; write: Write }
  | { kind: 'apply'; index: LogIndex; entry: Entry }
  | { kind: 'takeSnapshot'; index: LogIndex }
  | { kind: 'restore'; index: LogIndex; data: string }
  | { kind: 'respond'; id: string; outcome: Outcome; hint: NodeId }
  | { kind: 'claim'; role: 'follower' | 'candidate' | 'leader'; term: Term }
  | { kind: 'halt'; reason: string }
  | { kind: 'note'; text: string };

export class RecordingOutbox implements Outbox {
  actions: Action[] = [];

  /** What has been recorded since the last call. */
  take(): Action[] {
    const taken = this.actions;
    this.actions = [];
    return taken;
  }

  send(to: NodeId, body: Message): void {
    this.actions.push({ kind: 'send', to, body });
  }
  setTimer(name: string, minMs: number, maxMs: number): void {
    this.actions.push({ kind: 'setTimer', name, minMs, maxMs });
  }
  cancelTimer(name: string): void {
    this.actions.push({ kind: 'cancelTimer', name });
  }
  persist(id: number, stream: StreamName, after: number, write: Write): void {
    this.actions.push({ kind: 'persist', id, stream, after, write });
  }
  apply(index: LogIndex, entry: Entry): void {
    this.actions.push({ kind: 'apply', index, entry });
  }
  takeSnapshot(index: LogIndex): void {
    this.actions.push({ kind: 'takeSnapshot', index });
  }
  restore(index: LogIndex, data: string): void {
    this.actions.push({ kind: 'restore', index, data });
  }
  respond(id: string, outcome: Outcome, hint: NodeId): void {
    this.actions.push({ kind: 'respond', id, outcome, hint });
  }
  claim(role: 'follower' | 'candidate' | 'leader', term: Term): void {
    this.actions.push({ kind: 'claim', role, term });
  }
  halt(reason: string): void {
    this.actions.push({ kind: 'halt', reason });
  }
  note(text: string): void {
    this.actions.push({ kind: 'note', text });
  }
}
