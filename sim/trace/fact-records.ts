/**
 * Turns the calls of a run into records, one per step and per fact of the world, in the order of
 * the calls. The trace, the timeline and the comparison of two runs all live on these.
 */
import type { AdminRequest, ClientRequest, Outcome, Write } from '../../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, Term } from '../../core/messages.ts';
import type { Facts, Phase, SurvivingWrite } from '../../invariants/facts.ts';
import { canonical } from './canonical.ts';
import { Causes } from './causes.ts';
import type {
  ActionRecord,
  StepEnd,
  StepEvent,
  StepHead,
  StepItem,
  StepRecord,
  TraceRecord,
  WorldRecord,
} from './format.ts';

export abstract class FactRecords implements Facts {
  /** Steps so far. */
  steps = 0;
  private readonly causes = new Causes();
  /** The running step, without its actions; null between steps. */
  private head: (StepHead & StepEvent) | null = null;
  private items: StepItem[] = [];

  /** Gets each record once, when it is complete; the record is nobody else's. */
  protected abstract take(record: TraceRecord): void;

  /** The run is over: a step that was cut short by an exception is told as far as it went. */
  closeOpenStep(): void {
    if (this.head !== null) this.close('open');
  }

  started(atUs: number, node: NodeId, boot: number, applied: LogIndex): void {
    this.open(atUs, node, { k: 'started', cause: 0, boot, applied });
  }

  delivered(
    atUs: number,
    node: NodeId,
    from: NodeId,
    messageId: number,
    _stamp: number,
    body: Message,
  ): void {
    const cause = this.causes.ofMessage(messageId);
    this.open(atUs, node, { k: 'delivered', cause, from, messageId, body: canonical(body) });
  }

  fired(atUs: number, node: NodeId, timer: string): void {
    this.open(atUs, node, { k: 'fired', cause: this.causes.ofTimer(node, timer), timer });
  }

  requested(atUs: number, node: NodeId, requests: readonly ClientRequest[]): void {
    this.open(atUs, node, { k: 'requested', cause: 0, requests: canonical(requests) });
  }

  persisted(atUs: number, node: NodeId, writeId: number): void {
    this.open(atUs, node, { k: 'persisted', cause: this.causes.ofWrite(node, writeId), writeId });
  }

  persistFailed(atUs: number, node: NodeId, writeId: number, error: string): void {
    const cause = this.causes.ofWrite(node, writeId);
    this.open(atUs, node, { k: 'persistFailed', cause, writeId, error });
  }

  snapshotTaken(atUs: number, node: NodeId, index: LogIndex, data: string): void {
    this.open(atUs, node, { k: 'snapshotTaken', cause: this.causes.ofSnapshot(node), index, data });
  }

  adminRequested(atUs: number, node: NodeId, requestId: string, request: AdminRequest): void {
    this.open(atUs, node, {
      k: 'adminRequested',
      cause: 0,
      requestId,
      request: canonical(request),
    });
  }

  /** Stamps belong to the judge: a recorder has none. */
  sent(node: NodeId, to: NodeId, messageId: number, copies: number, body: Message): number {
    // A lost one too: it may come out of the graveyard.
    this.causes.noteMessage(messageId, this.steps);
    this.act(node, { k: 'sent', to, messageId, copies, body: canonical(body) });
    return 0;
  }

  timerSet(node: NodeId, timer: string, minMs: number, maxMs: number): void {
    this.causes.noteTimer(node, timer, this.steps);
    this.act(node, { k: 'timerSet', timer, minMs, maxMs });
  }

  timerCancelled(node: NodeId, timer: string): void {
    this.act(node, { k: 'timerCancelled', timer });
  }

  persistIssued(node: NodeId, writeId: number, stream: string, after: number, write: Write): void {
    this.causes.noteWrite(node, writeId, this.steps);
    this.act(node, { k: 'persistIssued', writeId, stream, after, write: canonical(write) });
  }

  applied(node: NodeId, index: LogIndex, entry: Entry): void {
    this.act(node, { k: 'applied', index, entry: canonical(entry) });
  }

  snapshotAsked(node: NodeId, index: LogIndex): void {
    this.causes.noteSnapshot(node, this.steps);
    this.act(node, { k: 'snapshotAsked', index });
  }

  restored(node: NodeId, index: LogIndex, data: string): void {
    this.act(node, { k: 'restored', index, data });
  }

  responded(
    node: NodeId,
    requestId: string,
    outcome: Outcome,
    hint: NodeId,
    value: string | null,
  ): void {
    this.act(node, { k: 'responded', requestId, outcome, hint, value });
  }

  claimed(node: NodeId, role: 'follower' | 'candidate' | 'leader', term: Term): void {
    this.act(node, { k: 'claimed', role, term });
  }

  halted(node: NodeId, reason: string): void {
    this.act(node, { k: 'halted', reason });
  }

  noted(node: NodeId, text: string): void {
    this.act(node, { k: 'noted', text });
  }

  stepEnded(node: NodeId): void {
    this.expectStepOf(node, 'stepEnded');
    this.close('done');
  }

  struck(atUs: number, place: number, node: NodeId): void {
    this.happen({ t: atUs, n: node, k: 'struck', place });
  }

  crashed(atUs: number, node: NodeId, survivors: readonly SurvivingWrite[]): void {
    const kept = survivors.map((write) => ({ writeId: write.writeId, kept: write.kept }));
    this.causes.forgetSnapshots(node);
    this.happen({ t: atUs, n: node, k: 'crashed', survivors: kept });
    if (this.head?.n === node) this.close('crashed');
  }

  wiped(atUs: number, node: NodeId): void {
    this.happen({ t: atUs, n: node, k: 'wiped' });
  }

  paused(atUs: number, node: NodeId): void {
    this.happen({ t: atUs, n: node, k: 'paused' });
  }

  resumed(atUs: number, node: NodeId): void {
    this.happen({ t: atUs, n: node, k: 'resumed' });
  }

  blocked(atUs: number, links: readonly number[]): void {
    this.happen({ t: atUs, k: 'blocked', links: links.slice() });
  }

  prepared(node: NodeId, currentTerm: Term, votedFor: NodeId, entries: readonly Entry[]): void {
    const kept = canonical(entries);
    this.happen({ t: 0, n: node, k: 'prepared', currentTerm, votedFor, entries: kept });
  }

  phaseBegan(atUs: number, phase: Phase, core: readonly NodeId[]): void {
    this.happen({ t: atUs, k: 'phaseBegan', phase, core: core.slice() });
  }

  inspected(atUs: number): void {
    this.happen({ t: atUs, k: 'inspected' });
  }

  stateInspected(
    atUs: number,
    node: NodeId,
    index: LogIndex,
    contents: readonly (readonly [string, string])[],
  ): void {
    this.happen({ t: atUs, n: node, k: 'stateInspected', index, contents: canonical(contents) });
  }

  invoked(atUs: number, clientId: number, seq: number, op: string, readOnly: boolean): void {
    this.happen({ t: atUs, k: 'invoked', clientId, seq, op, readOnly });
  }

  returned(
    atUs: number,
    clientId: number,
    seq: number,
    outcome: 'ok' | 'fail' | 'info',
    value: string | null,
  ): void {
    this.happen({ t: atUs, k: 'returned', clientId, seq, outcome, value });
  }

  private open(t: number, n: NodeId, event: StepEvent): void {
    if (this.head !== null) throw new Error(`${event.k}: step ${this.steps} has not ended`);
    this.steps += 1;
    this.head = { i: this.steps, t, n, ...event };
    this.items = [];
  }

  private act(node: NodeId, action: ActionRecord): void {
    this.expectStepOf(node, action.k);
    this.items.push(action);
  }

  private happen(record: WorldRecord): void {
    if (this.head === null) this.take(record);
    else this.items.push(record);
  }

  private close(ends: StepEnd): void {
    const record: StepRecord = { ...this.head!, actions: this.items, ends };
    this.head = null;
    this.take(record);
  }

  private expectStepOf(node: NodeId, fact: string): void {
    if (this.head?.n !== node) throw new Error(`${fact} of S${node} outside a step of S${node}`);
  }
}
