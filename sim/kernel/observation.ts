/**
 * Where everything that happens passes by, once: the digest folds it, the judge weighs it, and a
 * recorder, if there is one, writes it down. A trace that is read back drives this same class, so
 * that it gets the same digest and the same verdict.
 */
import type { AdminRequest, ClientRequest, Outcome, Write } from '../../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, Term } from '../../core/messages.ts';
import type { Facts, Phase, SurvivingWrite } from '../../invariants/facts.ts';
import { Digest, nameCode } from './digest.ts';
import { Tag } from './fact-tags.ts';

export class Observation implements Facts {
  readonly digest = new Digest();
  /** Server events so far: the steps of the run are numbered from 1. */
  steps = 0;
  /** Those of them that were timers. */
  wakeUps = 0;
  private readonly judge: Facts;
  private readonly recorder: Facts | null;

  constructor(judge: Facts, recorder: Facts | null) {
    this.judge = judge;
    this.recorder = recorder;
  }

  started(atUs: number, node: NodeId, boot: number, applied: LogIndex): void {
    this.open(Tag.started, atUs, node);
    this.digest.fold2(boot, applied);
    this.judge.started(atUs, node, boot, applied);
    if (this.recorder !== null) this.recorder.started(atUs, node, boot, applied);
  }

  delivered(
    atUs: number,
    node: NodeId,
    from: NodeId,
    messageId: number,
    stamp: number,
    body: Message,
  ): void {
    this.open(Tag.delivered, atUs, node);
    // The body was folded when it was sent.
    this.digest.fold(messageId);
    this.judge.delivered(atUs, node, from, messageId, stamp, body);
    if (this.recorder !== null) {
      this.recorder.delivered(atUs, node, from, messageId, stamp, body);
    }
  }

  fired(atUs: number, node: NodeId, timer: string): void {
    this.open(Tag.fired, atUs, node);
    this.wakeUps += 1;
    this.digest.fold(nameCode(timer));
    this.judge.fired(atUs, node, timer);
    if (this.recorder !== null) this.recorder.fired(atUs, node, timer);
  }

  requested(atUs: number, node: NodeId, requests: readonly ClientRequest[]): void {
    this.open(Tag.requested, atUs, node);
    for (let i = 0; i < requests.length; i += 1) {
      const { clientId, seq } = requests[i]!.command;
      this.digest.fold2(clientId, seq);
    }
    this.judge.requested(atUs, node, requests);
    if (this.recorder !== null) this.recorder.requested(atUs, node, requests);
  }

  persisted(atUs: number, node: NodeId, writeId: number): void {
    this.open(Tag.persisted, atUs, node);
    this.digest.fold(writeId);
    this.judge.persisted(atUs, node, writeId);
    if (this.recorder !== null) this.recorder.persisted(atUs, node, writeId);
  }

  persistFailed(atUs: number, node: NodeId, writeId: number, error: string): void {
    this.open(Tag.persistFailed, atUs, node);
    this.digest.fold(writeId);
    this.digest.text(error);
    this.judge.persistFailed(atUs, node, writeId, error);
    if (this.recorder !== null) this.recorder.persistFailed(atUs, node, writeId, error);
  }

  snapshotTaken(atUs: number, node: NodeId, index: LogIndex, data: string): void {
    this.open(Tag.snapshotTaken, atUs, node);
    this.digest.fold(index);
    this.digest.text(data);
    this.judge.snapshotTaken(atUs, node, index, data);
    if (this.recorder !== null) this.recorder.snapshotTaken(atUs, node, index, data);
  }

  adminRequested(atUs: number, node: NodeId, requestId: string, request: AdminRequest): void {
    this.open(Tag.adminRequested, atUs, node);
    this.digest.text(requestId);
    this.digest.request(request);
    this.judge.adminRequested(atUs, node, requestId, request);
    if (this.recorder !== null) this.recorder.adminRequested(atUs, node, requestId, request);
  }

  sent(node: NodeId, to: NodeId, messageId: number, copies: number, body: Message): number {
    this.digest.fold2(messageId, (Tag.sent << 8) + (to << 4) + copies);
    this.digest.body(body);
    const stamp = this.judge.sent(node, to, messageId, copies, body);
    if (this.recorder !== null) this.recorder.sent(node, to, messageId, copies, body);
    return stamp;
  }

  timerSet(node: NodeId, timer: string, minMs: number, maxMs: number): void {
    this.digest.fold2((Tag.timerSet << 24) ^ nameCode(timer), (minMs << 16) ^ maxMs);
    if (this.recorder !== null) this.recorder.timerSet(node, timer, minMs, maxMs);
  }

  timerCancelled(node: NodeId, timer: string): void {
    this.digest.fold((Tag.timerCancelled << 24) ^ nameCode(timer));
    if (this.recorder !== null) this.recorder.timerCancelled(node, timer);
  }

  persistIssued(node: NodeId, writeId: number, stream: string, after: number, write: Write): void {
    this.digest.fold2(Tag.persistIssued, writeId);
    if (after !== 0) this.digest.fold(after);
    this.digest.write(write, stream);
    this.judge.persistIssued(node, writeId, stream, after, write);
    if (this.recorder !== null) this.recorder.persistIssued(node, writeId, stream, after, write);
  }

  applied(node: NodeId, index: LogIndex, entry: Entry): void {
    this.digest.fold2(Tag.applied, index);
    this.digest.entry(entry);
    // Nobody has asked for it, so nobody has folded it.
    if (entry.command !== null && entry.command.seq === 0) this.digest.text(entry.command.op);
    this.judge.applied(node, index, entry);
    if (this.recorder !== null) this.recorder.applied(node, index, entry);
  }

  snapshotAsked(node: NodeId, index: LogIndex): void {
    this.digest.fold2(Tag.snapshotAsked, index);
    this.judge.snapshotAsked(node, index);
    if (this.recorder !== null) this.recorder.snapshotAsked(node, index);
  }

  restored(node: NodeId, index: LogIndex, data: string): void {
    this.digest.fold2(Tag.restored, index);
    this.digest.text(data);
    this.judge.restored(node, index, data);
    if (this.recorder !== null) this.recorder.restored(node, index, data);
  }

  responded(
    node: NodeId,
    requestId: string,
    outcome: Outcome,
    hint: NodeId,
    value: string | null,
  ): void {
    this.digest.fold2((Tag.responded << 24) ^ nameCode(outcome), hint);
    this.digest.text(requestId);
    if (value !== null) this.digest.text(value);
    this.judge.responded(node, requestId, outcome, hint, value);
    if (this.recorder !== null) this.recorder.responded(node, requestId, outcome, hint, value);
  }

  claimed(node: NodeId, role: 'follower' | 'candidate' | 'leader', term: Term): void {
    this.digest.fold(Tag.claimed);
    this.digest.text(role);
    this.digest.fold(term);
    this.judge.claimed(node, role, term);
    if (this.recorder !== null) this.recorder.claimed(node, role, term);
  }

  halted(node: NodeId, reason: string): void {
    this.digest.fold(Tag.halted);
    this.digest.text(reason);
    this.judge.halted(node, reason);
    if (this.recorder !== null) this.recorder.halted(node, reason);
  }

  noted(node: NodeId, text: string): void {
    this.digest.fold(Tag.noted);
    this.digest.text(text);
    if (this.recorder !== null) this.recorder.noted(node, text);
  }

  stepEnded(node: NodeId): void {
    this.judge.stepEnded(node);
    if (this.recorder !== null) this.recorder.stepEnded(node);
  }

  struck(atUs: number, place: number, node: NodeId): void {
    this.stamp(Tag.struck, atUs, node);
    this.digest.fold(place);
    this.judge.struck(atUs, place, node);
    if (this.recorder !== null) this.recorder.struck(atUs, place, node);
  }

  crashed(atUs: number, node: NodeId, survivors: readonly SurvivingWrite[]): void {
    this.stamp(Tag.crashed, atUs, node);
    for (const survivor of survivors) {
      this.digest.fold(survivor.writeId);
      this.digest.fold(survivor.kept);
    }
    this.judge.crashed(atUs, node, survivors);
    if (this.recorder !== null) this.recorder.crashed(atUs, node, survivors);
  }

  wiped(atUs: number, node: NodeId): void {
    this.stamp(Tag.wiped, atUs, node);
    this.judge.wiped(atUs, node);
    if (this.recorder !== null) this.recorder.wiped(atUs, node);
  }

  paused(atUs: number, node: NodeId): void {
    this.stamp(Tag.paused, atUs, node);
    this.judge.paused(atUs, node);
    if (this.recorder !== null) this.recorder.paused(atUs, node);
  }

  resumed(atUs: number, node: NodeId): void {
    this.stamp(Tag.resumed, atUs, node);
    this.judge.resumed(atUs, node);
    if (this.recorder !== null) this.recorder.resumed(atUs, node);
  }

  blocked(atUs: number, links: readonly number[]): void {
    this.stamp(Tag.blocked, atUs, 0);
    for (const link of links) this.digest.fold(link);
    this.judge.blocked(atUs, links);
    if (this.recorder !== null) this.recorder.blocked(atUs, links);
  }

  prepared(node: NodeId, currentTerm: Term, votedFor: NodeId, entries: readonly Entry[]): void {
    this.stamp(Tag.prepared, 0, node);
    this.digest.fold(currentTerm);
    this.digest.fold(votedFor);
    this.digest.entries(entries);
    this.judge.prepared(node, currentTerm, votedFor, entries);
    if (this.recorder !== null) this.recorder.prepared(node, currentTerm, votedFor, entries);
  }

  phaseBegan(atUs: number, phase: Phase, core: readonly NodeId[]): void {
    this.stamp(Tag.phaseBegan, atUs, core.length);
    this.digest.text(phase);
    this.judge.phaseBegan(atUs, phase, core);
    if (this.recorder !== null) this.recorder.phaseBegan(atUs, phase, core);
  }

  inspected(atUs: number): void {
    this.stamp(Tag.inspected, atUs, 0);
    this.judge.inspected(atUs);
    if (this.recorder !== null) this.recorder.inspected(atUs);
  }

  stateInspected(
    atUs: number,
    node: NodeId,
    index: LogIndex,
    contents: readonly (readonly [string, string])[],
  ): void {
    this.stamp(Tag.stateInspected, atUs, node);
    this.digest.fold(index);
    for (const [key, value] of contents) {
      this.digest.text(key);
      this.digest.text(value);
    }
    this.judge.stateInspected(atUs, node, index, contents);
    if (this.recorder !== null) this.recorder.stateInspected(atUs, node, index, contents);
  }

  invoked(atUs: number, clientId: number, seq: number, op: string, readOnly: boolean): void {
    this.digest.fold2(atUs, Tag.invoked);
    this.digest.fold2(clientId, seq);
    this.digest.text(op);
    this.judge.invoked(atUs, clientId, seq, op, readOnly);
    if (this.recorder !== null) this.recorder.invoked(atUs, clientId, seq, op, readOnly);
  }

  returned(
    atUs: number,
    clientId: number,
    seq: number,
    outcome: 'ok' | 'fail' | 'info',
    value: string | null,
  ): void {
    this.digest.fold2(atUs, (Tag.returned << 24) ^ nameCode(outcome));
    this.digest.fold2(clientId, seq);
    if (value !== null) this.digest.text(value);
    this.judge.returned(atUs, clientId, seq, outcome, value);
    if (this.recorder !== null) this.recorder.returned(atUs, clientId, seq, outcome, value);
  }

  /** Opens a step. */
  private open(tag: number, atUs: number, node: number): void {
    this.steps += 1;
    this.digest.fold2(atUs, (tag << 4) + node);
  }

  private stamp(tag: number, atUs: number, node: number): void {
    this.digest.fold(tag);
    this.digest.fold(atUs);
    this.digest.fold(node);
  }
}
