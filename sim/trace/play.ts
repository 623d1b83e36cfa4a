/** Makes the calls of a run again from its records, in the same order. */
import type { Facts } from '../../invariants/facts.ts';
import { UsageError } from '../usage-error.ts';
import type { ActionRecord, StepItem, StepRecord, TraceRecord, WorldRecord } from './format.ts';

/** Plays records into `facts`, and hands back the stamps that it gave for messages. */
export class Player {
  private readonly facts: Facts;
  private readonly stamps = new Map<number, number>();

  constructor(facts: Facts) {
    this.facts = facts;
  }

  /** A UsageError when the record delivers what no record before it has sent. */
  play(record: TraceRecord): void {
    if (!('i' in record)) {
      this.playWorld(record);
      return;
    }
    this.open(record);
    for (const item of record.actions) this.playItem(record.n, item);
    if (record.ends === 'done') this.facts.stepEnded(record.n);
  }

  private open(step: StepRecord): void {
    const { facts } = this;
    const { t, n } = step;
    switch (step.k) {
      case 'started':
        facts.started(t, n, step.boot, step.applied);
        return;
      case 'delivered':
        facts.delivered(t, n, step.from, step.messageId, this.stampOf(step), step.body);
        return;
      case 'fired':
        facts.fired(t, n, step.timer);
        return;
      case 'requested':
        facts.requested(t, n, step.requests);
        return;
      case 'persisted':
        facts.persisted(t, n, step.writeId);
        return;
      case 'persistFailed':
        facts.persistFailed(t, n, step.writeId, step.error);
        return;
      case 'snapshotTaken':
        facts.snapshotTaken(t, n, step.index, step.data);
        return;
      case 'adminRequested':
        facts.adminRequested(t, n, step.requestId, step.request);
    }
  }

  private stampOf(step: StepRecord & { readonly k: 'delivered' }): number {
    const stamp = this.stamps.get(step.messageId);
    if (stamp !== undefined) return stamp;
    throw new UsageError(
      `Step ${step.i} of the trace delivers message ${step.messageId}, which nobody has sent.`,
    );
  }

  private playItem(node: number, item: StepItem): void {
    if ('t' in item) this.playWorld(item);
    else this.playAction(node, item);
  }

  private playAction(node: number, action: ActionRecord): void {
    const { facts } = this;
    switch (action.k) {
      case 'sent': {
        const { to, messageId, copies, body } = action;
        this.stamps.set(messageId, facts.sent(node, to, messageId, copies, body));
        return;
      }
      case 'timerSet':
        facts.timerSet(node, action.timer, action.minMs, action.maxMs);
        return;
      case 'timerCancelled':
        facts.timerCancelled(node, action.timer);
        return;
      case 'persistIssued':
        facts.persistIssued(node, action.writeId, action.stream, action.after, action.write);
        return;
      case 'applied':
        facts.applied(node, action.index, action.entry);
        return;
      case 'snapshotAsked':
        facts.snapshotAsked(node, action.index);
        return;
      case 'restored':
        facts.restored(node, action.index, action.data);
        return;
      case 'responded':
        facts.responded(node, action.requestId, action.outcome, action.hint, action.value);
        return;
      case 'claimed':
        facts.claimed(node, action.role, action.term);
        return;
      case 'halted':
        facts.halted(node, action.reason);
        return;
      case 'noted':
        facts.noted(node, action.text);
    }
  }

  private playWorld(record: WorldRecord): void {
    const { facts } = this;
    switch (record.k) {
      case 'struck':
        facts.struck(record.t, record.place, record.n);
        return;
      case 'crashed':
        facts.crashed(record.t, record.n, record.survivors);
        return;
      case 'wiped':
        facts.wiped(record.t, record.n);
        return;
      case 'paused':
        facts.paused(record.t, record.n);
        return;
      case 'resumed':
        facts.resumed(record.t, record.n);
        return;
      case 'blocked':
        facts.blocked(record.t, record.links);
        return;
      case 'prepared':
        facts.prepared(record.n, record.currentTerm, record.votedFor, record.entries);
        return;
      case 'phaseBegan':
        facts.phaseBegan(record.t, record.phase, record.core);
        return;
      case 'inspected':
        facts.inspected(record.t);
        return;
      case 'stateInspected':
        facts.stateInspected(record.t, record.n, record.index, record.contents);
        return;
      case 'invoked':
        facts.invoked(record.t, record.clientId, record.seq, record.op, record.readOnly);
        return;
      case 'returned':
        facts.returned(record.t, record.clientId, record.seq, record.outcome, record.value);
    }
  }
}
