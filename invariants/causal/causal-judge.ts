/**
 * The judge of runs of opaque programs: nobody looks into their messages and writes. It knows who
 * sent to whom and when that arrived, which writes became safe, what was applied and answered, what
 * servers claim, and what clients saw. Pure, like the judge that reads the paper's messages.
 *
 *     const judge = new CausalJudge({ size: 3, members: 3, electionMsMax: 300,
 *                                     durability: 'explicit', claims: true,
 *                                     disabled: new Set(), stopAtFirst: true });
 */
import type { AdminRequest, ClientRequest, Outcome, Write } from '../../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, Term } from '../../core/messages.ts';
import type { Arbiter } from '../arbiter.ts';
import { assert } from '../assert.ts';
import type { Phase, SurvivingWrite } from '../facts.ts';
import { apply, restore } from './applying.ts';
import { CausalFindings } from './causal-findings.ts';
import { claim } from './claims.ts';
import { checkHistoryAtEnd } from './client-history.ts';
import { answer, checkPromises, handRequests, invoke, tell } from './conversation.ts';
import {
  block,
  completeWrite,
  countApplied,
  crash,
  failWrite,
  issueWrite,
  start,
} from './lives.ts';
import { Met } from './program-situations.ts';
import type { ProgramView } from './program-view.ts';

export class CausalJudge extends CausalFindings implements Arbiter {
  /** The server whose step is open; 0 between steps. */
  private stepNode: NodeId = 0;
  private lastMessageId = 0;
  /** By from * 8 + to: the newest message that has arrived. */
  private readonly newestArrived = new Float64Array(64);

  // Events into a server.

  started(atUs: number, node: NodeId, boot: number, _applied: LogIndex): void {
    start(this.ledgers, this.open(atUs, node, 'start'), boot, this.lastMessageId);
  }

  delivered(
    atUs: number,
    node: NodeId,
    from: NodeId,
    messageId: number,
    stamp: number,
    _body: Message,
  ): void {
    const server = this.open(atUs, node, 'message');
    const { clocks, situations, statistics } = this.ledgers;
    clocks.receive(node, stamp);
    statistics.messagesDelivered += 1;
    if (messageId <= server.bornAfter) situations.count(Met['message-after-restart']);
    const link = from * 8 + node;
    if (messageId < this.newestArrived[link]!) situations.count(Met['message-reordered']);
    else this.newestArrived[link] = messageId;
  }

  fired(atUs: number, node: NodeId, _timer: string): void {
    this.open(atUs, node, 'timer');
  }

  requested(atUs: number, node: NodeId, requests: readonly ClientRequest[]): void {
    handRequests(this.ledgers, this.open(atUs, node, 'request'), requests);
  }

  persisted(atUs: number, node: NodeId, writeId: number): void {
    completeWrite(this.ledgers, this.open(atUs, node, 'persisted'), writeId);
  }

  persistFailed(atUs: number, node: NodeId, writeId: number, _error: string): void {
    failWrite(this.ledgers, this.open(atUs, node, 'persistFailed'), writeId);
  }

  snapshotTaken(atUs: number, node: NodeId, _index: LogIndex, data: string): void {
    this.open(atUs, node, 'snapshotTaken');
    this.ledgers.situations.count(Met['snapshot-taken']);
    this.ledgers.snapshots.add(data);
  }

  adminRequested(atUs: number, node: NodeId, requestId: string, request: AdminRequest): void {
    this.open(atUs, node, 'admin');
    const { voters, transfers } = this.ledgers;
    if (request.kind === 'changeMembership') {
      voters.ask(requestId, request.voters, request.learners);
    } else if (request.kind === 'transferLeadership') transfers.add(requestId);
    else this.ledgers.otherAsks.add(requestId);
  }

  // Actions of a server.

  sent(node: NodeId, _to: NodeId, messageId: number, copies: number, _body: Message): number {
    this.lastMessageId = messageId;
    const { clocks, situations, statistics, servers } = this.ledgers;
    servers[node]!.hasSpoken = true;
    statistics.messagesSent += 1;
    if (copies === 0) {
      statistics.messagesLost += 1;
      situations.count(Met['message-lost']);
    } else if (copies > 1) situations.count(Met['message-duplicated']);
    return clocks.markSent(node);
  }

  timerSet(_node: NodeId, _timer: string, _minMs: number, _maxMs: number): void {}

  timerCancelled(_node: NodeId, _timer: string): void {}

  persistIssued(
    node: NodeId,
    writeId: number,
    _stream: string,
    _after: number,
    _write: Write,
  ): void {
    issueWrite(this.ledgers, this.ledgers.servers[node]!, writeId);
  }

  applied(node: NodeId, index: LogIndex, entry: Entry): void {
    if (entry.command === null) return;
    const server = this.ledgers.servers[node]!;
    apply(this.ledgers, server, index, entry.command);
    countApplied(this.ledgers, server);
  }

  snapshotAsked(_node: NodeId, _index: LogIndex): void {}

  restored(node: NodeId, index: LogIndex, data: string): void {
    const server = this.ledgers.servers[node]!;
    restore(this.ledgers, server, index, data);
    countApplied(this.ledgers, server);
  }

  responded(
    node: NodeId,
    requestId: string,
    outcome: Outcome,
    hint: NodeId,
    _value: string | null,
  ): void {
    const { voters, situations, transfers, otherAsks, servers } = this.ledgers;
    if (voters.answer(requestId, outcome)) {
      if (outcome === 'ok') situations.count(Met['membership-changed']);
    } else if (transfers.has(requestId)) {
      if (outcome === 'ok') situations.count(Met['leadership-transferred']);
    } else if (!otherAsks.has(requestId)) {
      answer(this.ledgers, servers[node]!, requestId, outcome, hint);
    }
  }

  claimed(node: NodeId, role: 'follower' | 'candidate' | 'leader', term: Term): void {
    if (this.ledgers.options.claims) claim(this.ledgers, this.ledgers.servers[node]!, role, term);
  }

  halted(node: NodeId, reason: string): void {
    this.ledgers.server(node).haltReason = reason;
    this.ledgers.situations.count(Met.halted);
  }

  noted(_node: NodeId, _text: string): void {}

  stepEnded(node: NodeId): void {
    const server = this.ledgers.servers[node]!;
    if (server.promised.length > 0) checkPromises(this.ledgers, server);
    this.stepNode = 0;
  }

  // The world around the servers.

  struck(_atUs: number, _place: number, _node: NodeId): void {}

  crashed(atUs: number, node: NodeId, survivors: readonly SurvivingWrite[]): void {
    this.ledgers.docket.atUs = atUs;
    crash(this.ledgers, this.ledgers.server(node), survivors, this.stepNode === node);
    if (this.stepNode === node) this.stepNode = 0;
  }

  wiped(atUs: number, node: NodeId): void {
    this.ledgers.docket.atUs = atUs;
    this.ledgers.server(node).isWiped = true;
  }

  paused(atUs: number, node: NodeId): void {
    const { docket, situations } = this.ledgers;
    docket.atUs = atUs;
    const server = this.ledgers.server(node);
    server.isPaused = true;
    situations.count(Met['server-paused']);
    if (server.role === 'leader') situations.count(Met['leader-paused']);
  }

  resumed(atUs: number, node: NodeId): void {
    this.ledgers.docket.atUs = atUs;
    this.ledgers.server(node).isPaused = false;
  }

  blocked(atUs: number, links: readonly number[]): void {
    this.ledgers.docket.atUs = atUs;
    block(this.ledgers, links);
  }

  prepared(_node: NodeId, _term: Term, _votedFor: NodeId, _entries: readonly Entry[]): void {}

  phaseBegan(atUs: number, phase: Phase, core: readonly NodeId[]): void {
    this.look(atUs);
    this.settling.begin(phase, core);
    if (phase === 'end') checkHistoryAtEnd(this.ledgers);
  }

  inspected(atUs: number): void {
    this.look(atUs);
    this.settling.inspect();
  }

  stateInspected(
    atUs: number,
    _node: NodeId,
    _index: LogIndex,
    _contents: readonly (readonly [string, string])[],
  ): void {
    this.look(atUs);
  }

  // Clients.

  invoked(atUs: number, clientId: number, seq: number, op: string, readOnly: boolean): void {
    this.ledgers.docket.atUs = atUs;
    invoke(this.ledgers, clientId, seq, op, readOnly);
    this.settling.noteInvoked(atUs);
  }

  returned(
    atUs: number,
    clientId: number,
    seq: number,
    outcome: 'ok' | 'fail' | 'info',
    value: string | null,
  ): void {
    this.ledgers.docket.atUs = atUs;
    const command = this.ledgers.commands.find(clientId, seq);
    assert(command !== undefined, 'only what was invoked returns', clientId, seq);
    tell(this.ledgers, command, outcome, value);
  }

  /** Opens a step. */
  private open(atUs: number, node: NodeId, kind: string): ProgramView {
    const { docket, clocks, servers } = this.ledgers;
    docket.atUs = atUs;
    docket.step += 1;
    docket.stepKind = kind;
    this.stepNode = node;
    const server = servers[node]!;
    server.stepDate = clocks.last;
    if (server.pendingIds.length === 0) server.heldSince = -1;
    clocks.touch(node);
    return server;
  }

  /** A look from outside: no step. */
  private look(atUs: number): void {
    this.ledgers.docket.atUs = atUs;
    this.ledgers.docket.stepKind = 'none';
  }
}
