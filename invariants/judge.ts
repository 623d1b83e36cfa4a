/**
 * The judge takes the facts of one run, in order, keeps the ledgers, and has every property checked
 * at the moment it can be. Pure: the same facts give the same verdict, live or from a trace.
 *
 *     const judge = new Judge({ size: 3, members: 3, electionMsMax: 300, heartbeatMs: 50,
 *                               preVote: false, checkQuorum: false, sessionExpiryMs: 0,
 *                               disabled: new Set(), stopAtFirst: true });
 *     judge.started(0, 1, 0, 0);  // … and so on
 *     judge.verdict;           // 'pass', 'violation' or 'excused'
 */
import type { AdminRequest, ClientRequest, Outcome, Write } from '../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, RequestVote, Term } from '../core/messages.ts';
import type { Arbiter } from './arbiter.ts';
import { assert } from './assert.ts';
import { checkAllCommitted } from './clients/linearizability.ts';
import { checkNothingForgotten } from './clients/no-request-forgotten.ts';
import { checkSnapshotState, checkState } from './clients/state-equals-log.ts';
import type { Phase, SurvivingWrite } from './facts.ts';
import { Findings } from './findings.ts';
import { answerOperator, askServer } from './folds/administration.ts';
import { apply, judgeClaim } from './folds/commitment.ts';
import { answerAttempt, handRequests, invoke, tellClient } from './folds/conversation.ts';
import { countCutOff, countDelivery, isHypothetical } from './folds/deliveries.ts';
import { claimLeadership, receiveVote } from './folds/elections.ts';
import { failWrite } from './folds/failed-writes.ts';
import { forgetCompacted } from './folds/forgetting.ts';
import { countStepDown } from './folds/leadership-situations.ts';
import { replayCommitted } from './folds/replaying.ts';
import { receiveAppend } from './folds/replication.ts';
import { send } from './folds/sends.ts';
import { receiveInstall, restore, takeSnapshot } from './folds/snapshots.ts';
import { completeWrite, crash, issueWrite, prepareImage, start } from './folds/storage.ts';
import { reigns, type ServerView } from './ledgers/server-view.ts';
import { Happened } from './situations.ts';

export class Judge extends Findings implements Arbiter {
  /** The server whose step is open; 0 between steps. */
  private stepNode: NodeId = 0;

  // Events into a server.

  started(atUs: number, node: NodeId, boot: number, applied: LogIndex): void {
    const server = this.open(atUs, node, 'start', null);
    start(this.ledgers, server, boot, this.docket.lastMessageId + 1, applied);
  }

  delivered(
    atUs: number,
    node: NodeId,
    from: NodeId,
    messageId: number,
    stamp: number,
    body: Message,
  ): void {
    // Only a request for a vote is looked at again; to keep every message would cost time.
    const server = this.open(atUs, node, body.kind, body.kind === 'RequestVote' ? body : null);
    countDelivery(this.ledgers, server, from, messageId, body);
    if (body.term > server.seenTerm && !isHypothetical(body)) server.seenTerm = body.term;
    if (body.kind === 'AppendEntries') receiveAppend(this.ledgers, server, stamp, body);
    else if (body.kind === 'RequestVoteResponse') receiveVote(server, from, body);
    else if (body.kind === 'InstallSnapshot') receiveInstall(this.ledgers, server, body);
  }

  fired(atUs: number, node: NodeId, timer: string): void {
    this.open(atUs, node, timer, null);
  }

  requested(atUs: number, node: NodeId, requests: readonly ClientRequest[]): void {
    handRequests(this.ledgers, this.open(atUs, node, 'request', null), requests);
  }

  persisted(atUs: number, node: NodeId, writeId: number): void {
    completeWrite(this.ledgers, this.open(atUs, node, 'persisted', null), writeId);
  }

  persistFailed(atUs: number, node: NodeId, writeId: number, _error: string): void {
    failWrite(this.ledgers, this.open(atUs, node, 'persistFailed', null), writeId);
  }

  snapshotTaken(atUs: number, node: NodeId, index: LogIndex, data: string): void {
    takeSnapshot(this.ledgers, this.open(atUs, node, 'snapshotTaken', null), index, data);
    checkSnapshotState(this.ledgers, node, index, data);
  }

  adminRequested(atUs: number, node: NodeId, requestId: string, request: AdminRequest): void {
    askServer(this.ledgers, this.open(atUs, node, 'admin', null), requestId, request);
  }

  // Actions of a server.

  sent(node: NodeId, to: NodeId, messageId: number, copies: number, body: Message): number {
    this.docket.lastMessageId = messageId;
    return send(this.ledgers, this.settling, this.ledgers.servers[node]!, to, copies, body);
  }

  timerSet(_node: NodeId, _timer: string, _minMs: number, _maxMs: number): void {}

  timerCancelled(_node: NodeId, _timer: string): void {}

  persistIssued(node: NodeId, writeId: number, stream: string, after: number, write: Write): void {
    this.ledgers.statistics.writes += 1;
    issueWrite(this.ledgers, this.ledgers.servers[node]!, writeId, stream, after, write);
  }

  applied(node: NodeId, index: LogIndex, entry: Entry): void {
    apply(this.ledgers, this.ledgers.servers[node]!, index, entry);
  }

  snapshotAsked(node: NodeId, index: LogIndex): void {
    this.ledgers.taken.ask(node, index, this.ledgers.servers[node]!.lastApplied);
  }

  restored(node: NodeId, index: LogIndex, data: string): void {
    restore(this.ledgers, this.ledgers.servers[node]!, index, data);
  }

  responded(
    node: NodeId,
    requestId: string,
    outcome: Outcome,
    hint: NodeId,
    _value: string | null,
  ): void {
    const { ledgers } = this;
    const asked = ledgers.administration.find(requestId);
    if (asked !== undefined) answerOperator(ledgers, ledgers.servers[node]!, asked, outcome);
    else answerAttempt(ledgers, ledgers.servers[node]!, requestId, outcome, hint);
  }

  claimed(node: NodeId, role: 'follower' | 'candidate' | 'leader', term: Term): void {
    if (role === 'leader') claimLeadership(this.ledgers, this.ledgers.servers[node]!, term);
    else if (role === 'follower') countStepDown(this.ledgers, this.ledgers.servers[node]!, term);
  }

  halted(node: NodeId, reason: string): void {
    this.ledgers.server(node).haltReason = reason;
    this.ledgers.situations.count(Happened.halted);
  }

  noted(_node: NodeId, _text: string): void {}

  stepEnded(node: NodeId): void {
    const server = this.ledgers.servers[node]!;
    if (server.claiming !== 0) judgeClaim(this.ledgers, server);
    this.replay();
    this.stepNode = 0;
    if (this.ledgers.hasCompacted) forgetCompacted(this.ledgers);
  }

  // The world around the servers.

  struck(_atUs: number, _place: number, _node: NodeId): void {}

  crashed(atUs: number, node: NodeId, survivors: readonly SurvivingWrite[]): void {
    this.docket.atUs = atUs;
    const { ledgers } = this;
    const server = ledgers.server(node);
    if (server.claiming !== 0) judgeClaim(ledgers, server);
    this.replay();
    if (this.stepNode === node) {
      ledgers.situations.count(Happened.crashInStep);
      this.stepNode = 0;
    }
    crash(ledgers, server, survivors);
    ledgers.attempts.forget(node);
    ledgers.taken.forget(node);
  }

  wiped(atUs: number, node: NodeId): void {
    this.docket.atUs = atUs;
    this.ledgers.server(node).isWiped = true;
  }

  paused(atUs: number, node: NodeId): void {
    this.docket.atUs = atUs;
    const server = this.ledgers.server(node);
    server.isPaused = true;
    if (reigns(server)) this.ledgers.situations.count(Happened.leaderPaused);
  }

  resumed(atUs: number, node: NodeId): void {
    this.docket.atUs = atUs;
    this.ledgers.server(node).isPaused = false;
  }

  blocked(atUs: number, links: readonly number[]): void {
    this.docket.atUs = atUs;
    this.settling.links.replace(links);
    countCutOff(this.ledgers, this.settling.links);
  }

  prepared(node: NodeId, currentTerm: Term, votedFor: NodeId, entries: readonly Entry[]): void {
    prepareImage(this.ledgers, this.ledgers.server(node), currentTerm, votedFor, entries);
  }

  phaseBegan(atUs: number, phase: Phase, core: readonly NodeId[]): void {
    this.world(atUs);
    const { settling, ledgers } = this;
    if (settling.phase === 'quiet' && settling.hasConverged) {
      checkNothingForgotten(ledgers, core, settling.convergedUs);
    }
    settling.begin(phase, core);
    if (phase === 'end') checkAllCommitted(ledgers);
  }

  inspected(atUs: number): void {
    this.world(atUs);
    this.settling.inspect();
  }

  stateInspected(
    atUs: number,
    node: NodeId,
    index: LogIndex,
    contents: readonly (readonly [string, string])[],
  ): void {
    this.world(atUs);
    checkState(this.ledgers, node, index, contents);
  }

  // Clients.

  invoked(atUs: number, clientId: number, seq: number, op: string, readOnly: boolean): void {
    this.docket.atUs = atUs;
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
    this.docket.atUs = atUs;
    const payload = this.ledgers.commands.find(clientId, seq);
    assert(payload !== 0, 'only what was invoked returns', clientId, seq);
    tellClient(this.ledgers, payload, outcome, value);
  }

  /** What is newly committed, or answered, is carried out. */
  private replay(): void {
    const { replay, commits, unconfirmed } = this.ledgers;
    if (replay.last < commits.last || unconfirmed.length > 0) replayCommitted(this.ledgers);
  }

  /** Opens a step. */
  private open(atUs: number, node: NodeId, kind: string, message: RequestVote | null): ServerView {
    const { docket } = this;
    docket.atUs = atUs;
    docket.step += 1;
    docket.stepKind = kind;
    docket.stepMessage = message;
    this.stepNode = node;
    return this.ledgers.servers[node]!;
  }

  /** A look from outside: no step, no message. */
  private world(atUs: number): void {
    this.docket.atUs = atUs;
    this.docket.stepKind = 'none';
    this.docket.stepMessage = null;
  }
}
