/**
 * Concurrent clients, each with one batch of commands at a time, against any server. Values are
 * unique. Without sessions a client never sends a command again, except when it was told that the
 * command definitely did not happen (redirect, rejected, or a server that was not up).
 *
 * With sessions (§8) a client registers first, and then sends each command again, under the same
 * number and at any server, until it has the answer, or hears that the session is over: then nobody
 * knows, and the command must not be sent in another session. Requests may also come twice, late.
 *
 * Each client draws from its own streams, a fixed number of draws per operation.
 */
import type { Outcome } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import { ClientRoster } from './client-roster.ts';
import type { EventQueue } from './event-queue.ts';
import { ItemKind } from './item.ts';
import type { Observation } from './observation.ts';
import {
  beginAttempts,
  type Client,
  isReadOnly,
  newOperation,
  type Operation,
  type Result,
} from './operation.ts';
import { drawBatch, drawStray, learn } from './operation-draws.ts';
import type { Plan, WorkloadPlan } from './plan.ts';
import type { Stream } from './random.ts';

/** A client waits this long before it tries another server, and twice as long each time … */
const RETRY_US_MIN = 5_000;
/** … up to this long. */
const RETRY_US_MAX = 80_000;
const MILLION = 1_000_000;
/** What a state machine says to a command of a session that is over, or never was. */
const NO_SUCH_SESSION = 'no such session';

export class Clients {
  /** Operations that returned ok in all. */
  acknowledged = 0;
  readonly roster: ClientRoster;
  private readonly plan: WorkloadPlan;
  private readonly size: number;
  private readonly queue: EventQueue;
  private readonly observation: Observation;
  /** Where clients may go; the core once the cluster is healed. */
  private targets: readonly NodeId[];
  private isOpen = true;
  private isFinal = false;
  private isLossy = true;

  constructor(plan: Plan, queue: EventQueue, observation: Observation, hasReads: boolean) {
    this.plan = plan.workload;
    this.size = plan.cluster.size + plan.cluster.spares;
    this.queue = queue;
    this.observation = observation;
    this.targets = Array.from({ length: this.size }, (_, i) => i + 1);
    this.roster = new ClientRoster(plan, hasReads);
  }

  /** Puts the first tick of every client, and the script, into the queue. */
  start(): void {
    const { clients } = this.roster;
    for (const client of clients) this.tickIn(client, client.draw() * this.plan.intervalUs);
    this.plan.script.forEach((item, i) => {
      this.queue.push(item.atUs, ItemKind.script, item.node, 0, i, 0, null);
    });
  }

  /** No new operations; those that are out run on. */
  close(): void {
    this.isOpen = false;
  }

  /** Operations again, at these servers only, without loss; who is busy goes on with what it has. */
  reopen(targets: readonly NodeId[]): void {
    this.isOpen = true;
    this.isLossy = false;
    this.targets = targets;
    for (const client of this.roster.clients) {
      client.leaderHint = 0;
      const delayUs = client.draw() * this.plan.intervalUs;
      if (client.current.length === 0) this.tickIn(client, delayUs);
    }
  }

  /** From now on every client reads every key once, where there are reads, then rests. */
  beginFinalReads(): void {
    this.isFinal = true;
  }

  get isFinished(): boolean {
    return this.isFinal && this.roster.haveAllRead();
  }

  /** A client may begin an operation; `token` tells stale ticks apart. */
  tick(clientId: number, token: number): void {
    const client = this.roster.clients[clientId - 1]!;
    if (client.token !== token || !this.isOpen || client.current.length > 0) return;
    if (this.isFinal && this.roster.hasRead(client)) return;
    drawBatch(client, this.plan, this.isFinal);
    this.invoke(client);
    client.token += 1;
    this.beginWaiting(client);
    this.attempt(client, this.choose(client, client.draw()), client.draw);
  }

  /** Item `place` of the script: one attempt of each op, at one server, whatever comes of it. */
  runScript(place: number): void {
    const client = this.roster.scripted[place]!;
    const { node, ops } = this.plan.script[place]!;
    for (const op of ops) client.current.push(newOperation(client, op, isReadOnly(op)));
    this.invoke(client);
    this.attempt(client, node, null);
  }

  /** Perhaps a client stops waiting: its one timeout item follows the deadline as it moves. */
  timeout(clientId: number): void {
    const client = this.roster.clients[clientId - 1]!;
    client.isTimeoutQueued = false;
    if (client.deadlineUs < 0) return;
    if (client.deadlineUs > this.queue.nowUs) {
      this.queueTimeout(client);
      return;
    }
    let isWaiting = false;
    for (const operation of client.current) {
      if (operation.isDone) continue;
      if (operation.isRepeatable) isWaiting = true;
      else this.finish(operation, operation.node === 0 ? 'fail' : 'info', null);
    }
    if (isWaiting) this.insist(client);
  }

  /** A client tries again what definitely did not happen. */
  retry(clientId: number, token: number): void {
    const client = this.roster.clients[clientId - 1]!;
    if (client.token !== token || client.current.length === 0) return;
    this.attempt(client, this.choose(client, client.retryDraw()), client.retryDraw);
  }

  /** The server was not up: the requests definitely did not arrive. */
  refuse(batch: readonly Operation[]): void {
    for (const operation of batch) {
      if (operation.isStray || operation.isDone || operation.node === 0) continue;
      operation.client.leaderHint = 0;
      this.tryAgain(operation);
    }
  }

  /** The server is gone, and with it all it had not answered: nobody knows. */
  disconnect(node: NodeId, boot: number): void {
    const { clients, scripted } = this.roster;
    for (const client of [...clients, ...scripted]) this.disconnectClient(client, node, boot);
  }

  /** A server has answered; the answer may get lost on the way. */
  answer(operation: Operation, outcome: Outcome, hint: NodeId): void {
    if (operation.isAnswerLost) return;
    const { client } = operation;
    switch (outcome) {
      case 'ok':
        client.leaderHint = operation.node;
        this.succeed(operation);
        return;
      case 'unknown':
        this.loseTrack(operation);
        return;
      case 'redirect':
        client.leaderHint = hint >= 1 && hint <= this.size ? hint : 0;
        this.tryAgain(operation);
        return;
      case 'rejected':
        client.leaderHint = 0;
        this.tryAgain(operation);
    }
  }

  private succeed(operation: Operation): void {
    const { client, command, value } = operation;
    if (command.session !== undefined && value === NO_SUCH_SESSION) {
      // An earlier attempt may have been carried out while the session was open.
      if (client.session === command.session) client.session = 0;
      this.finish(operation, 'info', null);
      return;
    }
    if (client.kindDraw !== null) learn(operation, value);
    if (command.op === 'register') client.session = Number(value) || 0;
    this.finish(operation, 'ok', value);
  }

  /** Nobody can tell what became of this attempt. */
  private loseTrack(operation: Operation): void {
    if (!operation.isRepeatable) {
      this.finish(operation, 'info', null);
      return;
    }
    operation.client.leaderHint = 0;
    this.tryAgain(operation);
  }

  /** No answer for a long time: the client asks somebody else. */
  private insist(client: Client): void {
    client.leaderHint = 0;
    for (const operation of client.current) operation.node = 0;
    this.beginWaiting(client);
    this.attempt(client, this.choose(client, client.retryDraw()), client.retryDraw);
  }

  private beginWaiting(client: Client): void {
    client.deadlineUs = this.queue.nowUs + this.plan.timeoutUs;
    if (!client.isTimeoutQueued) this.queueTimeout(client);
  }

  private disconnectClient(client: Client, node: NodeId, boot: number): void {
    for (const operation of client.current) {
      if (operation.isDone || operation.node !== node || operation.boot !== boot) continue;
      if (operation.isAnswerLost) continue;
      this.loseTrack(operation);
    }
  }

  private invoke(client: Client): void {
    const nowUs = this.queue.nowUs;
    client.invokedUs = nowUs;
    for (const { command, isRead } of client.current) {
      this.observation.invoked(nowUs, command.clientId, command.seq, command.op, isRead);
    }
  }

  /** Sends what is left of the batch to one server. Three draws, or none for a script. */
  private attempt(client: Client, node: NodeId, draw: Stream | null): void {
    const latencyUs = draw === null ? 0 : 200 + Math.floor(draw() * 1_800);
    const isRequestLost = draw !== null && draw() * MILLION < this.plan.lossPpm && this.isLossy;
    const isAnswerLost = draw !== null && draw() * MILLION < this.plan.lossPpm && this.isLossy;
    const batch = beginAttempts(client, node, isAnswerLost);
    if (batch.length === 0) return;
    const { nowUs } = this.queue;
    if (client.strayDraw !== null) {
      const stray = drawStray(client.strayDraw, batch, this.plan.timeoutUs);
      if (stray !== null && this.isLossy) {
        this.queue.push(nowUs + stray.delayUs, ItemKind.request, node, 0, 0, 0, stray.batch);
      }
    }
    if (isRequestLost) return;
    this.queue.push(nowUs + latencyUs, ItemKind.request, node, 0, 0, 0, batch);
  }

  private choose(client: Client, u: number): NodeId {
    const { targets } = this;
    if (this.plan.followRedirects && targets.includes(client.leaderHint)) return client.leaderHint;
    return targets[Math.floor(u * targets.length)]!;
  }

  /**
   * The command definitely did not happen, or may be carried out as often as one likes: it is tried
   * again, unless the script allows one attempt.
   */
  private tryAgain(operation: Operation): void {
    operation.node = 0;
    const { client } = operation;
    if (client.isScripted) {
      this.finish(operation, 'fail', null);
      return;
    }
    const waitUs = Math.min(RETRY_US_MAX, RETRY_US_MIN << Math.min(operation.attempt, 8));
    const atUs = this.queue.nowUs + waitUs;
    this.queue.push(atUs, ItemKind.clientRetry, 0, 0, client.id, client.token, null);
  }

  private finish(operation: Operation, outcome: Result, value: string | null): void {
    operation.isDone = true;
    const { client, command } = operation;
    const nowUs = this.queue.nowUs;
    this.observation.returned(nowUs, command.clientId, command.seq, outcome, value);
    if (outcome === 'ok') this.acknowledged += 1;
    if (outcome === 'ok' && this.isFinal && command.op === `get x${client.finalReads}`) {
      client.finalReads += 1;
    }
    if (outcome !== 'ok') client.leaderHint = 0;
    for (const other of client.current) if (!other.isDone) return;
    client.current.length = 0;
    client.deadlineUs = -1;
    if (client.isScripted) return;
    const dueUs = client.invokedUs + (0.5 + client.draw()) * this.plan.intervalUs;
    this.tickIn(client, Math.max(0, dueUs - nowUs));
  }

  private queueTimeout(client: Client): void {
    client.isTimeoutQueued = true;
    this.queue.push(client.deadlineUs, ItemKind.clientTimeout, 0, 0, client.id, 0, null);
  }

  private tickIn(client: Client, delayUs: number): void {
    client.token += 1;
    const atUs = this.queue.nowUs + Math.floor(delayUs);
    this.queue.push(atUs, ItemKind.clientTick, 0, 0, client.id, client.token, null);
  }
}
