/**
 * Holds each step of each server against the rule of Figure 2 that governs it, by what can be seen
 * of that server from outside: what it wrote, was told, and said. Names wrong actions, often long
 * before the damage shows. Diagnosis only: it never makes a verdict. Refusals are always allowed,
 * unless they never end.
 *
 *     const conformance = new Conformance(plan);
 *     run(plan, implementation, { ...options, recorder: conformance });
 *     conformance.first;       // the first wrong action, or null
 *
 * Messages must be those of Figure 2. Not made for campaigns: it costs more than the judge.
 */
import type { AdminRequest, ClientRequest, Outcome, Write } from '../../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, Term } from '../../core/messages.ts';
import type { Facts, Phase, SurvivingWrite } from '../facts.ts';
import { answer, ask, checkWaiting } from './answering.ts';
import { checkNext } from './applying/apply-in-order.ts';
import { checkCommitted, noteTold } from './applying/apply-only-committed.ts';
import { checkOwnEntry } from './applying/apply-own-entry.ts';
import { checkApplies } from './duties/committed-is-applied.ts';
import { judgeClaim, noteCounted } from './leading/commit-on-majority.ts';
import type { ObservedServer } from './observed-server.ts';
import { actAsLeader } from './reigning.ts';
import type { WrongAction } from './rule.ts';
import { type EventKind, Scene, type WatchedPlan } from './scene.ts';
import { checkAhead } from './snapshots/newest-snapshot-stays.ts';
import { noteAsked } from './snapshots/snapshot-label.ts';
import { receive, send } from './talking.ts';
import { checkDrawn } from './timers/election-timeout-randomised.ts';
import { checkMaySet } from './timers/election-timer-reset.ts';
import { checkRuns } from './timers/election-timer-runs.ts';
import { checkRestored, completeWrite, crash, failWrite, issueWrite } from './writing.ts';

const ELECTION_TIMER = 'election';

export class Conformance implements Facts {
  private readonly scene: Scene;

  constructor(plan: WatchedPlan) {
    this.scene = new Scene(plan);
  }

  /** In the order of the run; of one rule and server only the first few. */
  get findings(): readonly WrongAction[] {
    return this.scene.findings;
  }

  get first(): WrongAction | null {
    return this.scene.findings[0] ?? null;
  }

  // Events into a server.

  started(atUs: number, node: NodeId, boot: number, applied: LogIndex): void {
    this.scene.server(node).beginLife(boot, applied, atUs);
    this.open(atUs, node, 'started');
  }

  delivered(
    atUs: number,
    node: NodeId,
    from: NodeId,
    _messageId: number,
    _stamp: number,
    body: Message,
  ): void {
    const server = this.open(atUs, node, 'delivered');
    this.scene.body = body;
    this.scene.from = from;
    receive(this.scene, server, from, body);
  }

  fired(atUs: number, node: NodeId, timer: string): void {
    const server = this.open(atUs, node, 'fired');
    this.scene.timer = timer;
    if (timer === ELECTION_TIMER) server.timer.isRunning = false;
  }

  requested(atUs: number, node: NodeId, requests: readonly ClientRequest[]): void {
    const server = this.open(atUs, node, 'requested');
    ask(this.scene, server, requests);
  }

  persisted(atUs: number, node: NodeId, writeId: number): void {
    const server = this.open(atUs, node, 'persisted');
    completeWrite(server, writeId);
    noteCounted(this.scene, server);
  }

  persistFailed(atUs: number, node: NodeId, writeId: number, _error: string): void {
    failWrite(this.open(atUs, node, 'persistFailed'), writeId);
  }

  snapshotTaken(atUs: number, node: NodeId, index: LogIndex, data: string): void {
    this.open(atUs, node, 'snapshotTaken').snapshots.taken = { index, data };
  }

  adminRequested(atUs: number, node: NodeId, id: string, request: AdminRequest): void {
    const server = this.open(atUs, node, 'adminRequested');
    const applied = server.lastApplied;
    server.adminAttempts.set(id, { id, request, applied, answer: null, index: 0 });
  }

  // Actions of a server.

  snapshotAsked(node: NodeId, index: LogIndex): void {
    noteAsked(this.scene, this.scene.server(node), index);
  }

  restored(node: NodeId, index: LogIndex, _data: string): void {
    const { scene } = this;
    const server = scene.server(node);
    checkAhead(scene, server, index);
    scene.restoredIndex = index;
    server.lastApplied = index;
    server.knownCommit = Math.max(server.knownCommit, index);
  }

  sent(node: NodeId, to: NodeId, _messageId: number, _copies: number, body: Message): number {
    send(this.scene, this.scene.server(node), to, body);
    return 0;
  }

  timerSet(node: NodeId, timer: string, minMs: number, maxMs: number): void {
    if (timer !== ELECTION_TIMER) return;
    const server = this.scene.server(node);
    checkDrawn(this.scene, server, minMs, maxMs);
    if (server.timer.isRunning) this.scene.isReset = true;
    server.timer.isKnown = true;
    server.timer.isRunning = true;
    server.timer.heardUs = -1;
    server.timer.hasVoted = false;
    this.scene.isTimerSet = true;
  }

  timerCancelled(node: NodeId, timer: string): void {
    if (timer === ELECTION_TIMER) this.scene.server(node).timer.isRunning = false;
  }

  persistIssued(node: NodeId, writeId: number, stream: string, after: number, write: Write): void {
    issueWrite(this.scene, this.scene.server(node), writeId, stream, after, write);
  }

  applied(node: NodeId, index: LogIndex, entry: Entry): void {
    const { scene } = this;
    const server = scene.server(node);
    checkNext(scene, server, index);
    checkCommitted(scene, server, index);
    checkOwnEntry(scene, server, index, entry);
    server.lastApplied = index;
    const { command } = entry;
    if (command !== null) server.appliedCommands.add(`${command.clientId}.${command.seq}`);
  }

  responded(
    node: NodeId,
    requestId: string,
    outcome: Outcome,
    hint: NodeId,
    _value: string | null,
  ): void {
    answer(this.scene, this.scene.server(node), requestId, outcome, hint);
  }

  claimed(node: NodeId, role: 'follower' | 'candidate' | 'leader', term: Term): void {
    if (role === 'leader') actAsLeader(this.scene, this.scene.server(node), term);
  }

  halted(node: NodeId, _reason: string): void {
    this.scene.server(node).isHalted = true;
  }

  noted(_node: NodeId, _text: string): void {}

  stepEnded(node: NodeId): void {
    const { scene } = this;
    const server = scene.server(node);
    judgeClaim(scene, server);
    // What it has accepted now it knows for good, though the log may be cut before it is applied.
    if (scene.body?.kind === 'AppendEntries') noteTold(server);
    if (scene.restoredIndex > 0) checkRestored(scene, server);
    checkMaySet(scene, server);
    checkRuns(scene, server);
    if (scene.isTick) {
      checkApplies(scene, server);
      checkWaiting(scene, server);
    }
    scene.node = 0;
  }

  // The world around the servers.

  struck(_atUs: number, _place: number, _node: NodeId): void {}

  crashed(_atUs: number, node: NodeId, survivors: readonly SurvivingWrite[]): void {
    const { scene } = this;
    const server = scene.server(node);
    if (scene.node === node) judgeClaim(scene, server);
    crash(server, survivors);
  }

  wiped(_atUs: number, _node: NodeId): void {}

  paused(_atUs: number, _node: NodeId): void {}

  resumed(_atUs: number, _node: NodeId): void {}

  blocked(_atUs: number, _links: readonly number[]): void {}

  prepared(node: NodeId, currentTerm: Term, votedFor: NodeId, entries: readonly Entry[]): void {
    const server = this.scene.server(node);
    server.durable.fill(entries);
    server.durableTerm = currentTerm;
    server.durableVote = votedFor;
    if (votedFor !== 0) server.durableVotes.set(currentTerm, votedFor);
  }

  phaseBegan(_atUs: number, _phase: Phase, _core: readonly NodeId[]): void {}

  inspected(_atUs: number): void {}

  stateInspected(
    _atUs: number,
    _node: NodeId,
    _index: LogIndex,
    _contents: readonly (readonly [string, string])[],
  ): void {}

  invoked(_atUs: number, _clientId: number, _seq: number, _op: string, _readOnly: boolean): void {}

  returned(
    _atUs: number,
    _clientId: number,
    _seq: number,
    _outcome: 'ok' | 'fail' | 'info',
    _value: string | null,
  ): void {}

  private open(atUs: number, node: NodeId, event: EventKind): ObservedServer {
    const server = this.scene.server(node);
    this.scene.open(atUs, event, server);
    return server;
  }
}
