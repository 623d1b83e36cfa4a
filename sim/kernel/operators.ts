/**
 * Operators: each carries out its requests one after the other. It asks a server, goes where it is
 * redirected, and asks again after every answer but ok, and after silence, until it gives up. After
 * the heal it asks nothing any more.
 *
 * Each operator draws from its own stream, four draws for each time that it asks.
 */
import type { AdminRequest, Outcome } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import type { EventQueue } from './event-queue.ts';
import { ItemKind } from './item.ts';
import type { OperatorPlan, Plan } from './plan.ts';
import { decide, openStream, type Stream } from './random.ts';

/** One time that a server is asked. */
export interface Attempt {
  readonly operator: Operator;
  /** Place of the request among those of the operator, and which attempt at it this is, from 1. */
  readonly place: number;
  readonly nth: number;
  readonly id: string;
  readonly request: AdminRequest;
  readonly node: NodeId;
  /** The life of the server that it came to; -1 before. */
  boot: number;
  readonly answerUs: number;
  readonly pauseUs: number;
  /** What came back; null before. */
  outcome: Outcome | null;
  hint: NodeId;
}

interface Operator {
  /** From 1. */
  readonly id: number;
  readonly plan: OperatorPlan;
  readonly draw: Stream;
  /** The request that it is at. */
  place: number;
  /** Attempts at this request so far; those that may still be answered. */
  asked: number;
  attempts: Attempt[];
  /** It waits for an answer, not for the time to ask. */
  isWaiting: boolean;
  deadlineUs: number;
  /** Tells stale ticks apart. */
  token: number;
  leaderHint: NodeId;
  /** The server that it has asked last. */
  askedLast: NodeId;
}

const LATENCY_US_MIN = 200;
const LATENCY_US_MAX = 2_000;
const PAUSE_US_MIN = 5_000;
const PAUSE_US_MAX = 40_000;
/** It takes a server that says nothing for lost after so many of the longest election timeouts. */
const PATIENCE_ELECTIONS = 4;

export class Operators {
  /** There is one: asked for every answer that no client waits for, so a plain field. */
  readonly isActive: boolean;
  private readonly operators: readonly Operator[];
  private readonly size: number;
  private readonly patienceUs: number;
  private readonly queue: EventQueue;
  private readonly isUp: (node: NodeId) => boolean;
  private isOpen = true;

  constructor(plan: Plan, queue: EventQueue, isUp: (node: NodeId) => boolean) {
    const { size, spares, config } = plan.cluster;
    this.size = size + spares;
    this.patienceUs = PATIENCE_ELECTIONS * config.electionMsMax * 1000;
    this.queue = queue;
    this.isUp = isUp;
    this.isActive = plan.operators.length > 0;
    this.operators = plan.operators.map((operator, i) => newOperator(plan.seed, operator, i + 1));
  }

  /** Puts the first request of every operator into the queue. */
  start(): void {
    for (const operator of this.operators) this.awaitRequest(operator);
  }

  /** Nobody asks anything any more; answers may still come. */
  close(): void {
    this.isOpen = false;
  }

  /** It is time to ask for the first time, or again, or to give up. */
  tick(operatorId: number, token: number): void {
    const operator = this.operators[operatorId - 1]!;
    if (operator.token !== token || !this.isOpen) return;
    const { nowUs } = this.queue;
    if (operator.deadlineUs < 0) operator.deadlineUs = nowUs + operator.plan.timeoutUs;
    if (nowUs >= operator.deadlineUs) {
      this.endRequest(operator);
      return;
    }
    if (operator.isWaiting) operator.leaderHint = 0;
    this.ask(operator);
  }

  /** The server was not up: it definitely did not hear of it. */
  refuse(attempt: Attempt): void {
    attempt.operator.leaderHint = 0;
    this.send(attempt, 'rejected', 0);
  }

  /** A server answers, once. */
  answer(node: NodeId, boot: number, id: string, outcome: Outcome, hint: NodeId): void {
    for (const { attempts } of this.operators) {
      for (const attempt of attempts) {
        if (attempt.id !== id || attempt.outcome !== null) continue;
        if (attempt.node === node && attempt.boot === boot) this.send(attempt, outcome, hint);
      }
    }
  }

  /** The server is gone, and with it all that it had not answered: nobody knows. */
  disconnect(node: NodeId, boot: number): void {
    for (const { attempts } of this.operators) {
      for (const attempt of attempts) {
        if (attempt.node !== node || attempt.boot !== boot) continue;
        if (attempt.outcome === null) this.send(attempt, 'unknown', 0);
      }
    }
  }

  /** An answer has come to the operator. */
  hear(attempt: Attempt): void {
    const { operator, outcome } = attempt;
    if (operator.place !== attempt.place) return;
    if (outcome === 'ok') {
      if (attempt.request.kind !== 'takeSnapshot') operator.leaderHint = attempt.node;
      this.endRequest(operator);
      return;
    }
    if (attempt.nth !== operator.asked || !operator.isWaiting) return;
    if (outcome === 'redirect') {
      const { hint } = attempt;
      operator.leaderHint = hint >= 1 && hint <= this.size ? hint : 0;
    }
    if (outcome === 'unknown') operator.leaderHint = 0;
    operator.isWaiting = false;
    this.tickAt(operator, this.queue.nowUs + attempt.pauseUs);
  }

  private ask(operator: Operator): void {
    const { draw, plan, place } = operator;
    const { nowUs } = this.queue;
    const { node: named, request } = plan.requests[place]!;
    const requestUs = decide(draw, LATENCY_US_MIN, LATENCY_US_MAX);
    const answerUs = decide(draw, LATENCY_US_MIN, LATENCY_US_MAX);
    const pauseUs = decide(draw, PAUSE_US_MIN, PAUSE_US_MAX);
    const node = this.choose(operator, named, request, draw());
    operator.asked += 1;
    operator.askedLast = node;
    const attempt: Attempt = {
      operator,
      place,
      nth: operator.asked,
      id: `o${operator.id}.${place + 1}#${operator.asked}`,
      request,
      node,
      boot: -1,
      answerUs,
      pauseUs,
      outcome: null,
      hint: 0,
    };
    operator.attempts.push(attempt);
    operator.isWaiting = true;
    this.queue.push(nowUs + requestUs, ItemKind.admin, node, 0, operator.id, 0, attempt);
    this.tickAt(operator, nowUs + this.patienceUs);
  }

  /** The server that is named, the leader, or one after the other; any that is up for a snapshot. */
  private choose(operator: Operator, named: NodeId, request: AdminRequest, u: number): NodeId {
    if (request.kind === 'takeSnapshot') {
      if (named !== 0) return named;
      const up: NodeId[] = [];
      for (let node = 1; node <= this.size; node += 1) if (this.isUp(node)) up.push(node);
      if (up.length > 0) return up[Math.floor(u * up.length)]!;
    } else if (named !== 0 && operator.asked === 0) return named;
    else if (operator.leaderHint !== 0) return operator.leaderHint;
    return (operator.askedLast % this.size) + 1;
  }

  private send(attempt: Attempt, outcome: Outcome, hint: NodeId): void {
    attempt.outcome = outcome;
    attempt.hint = hint;
    const { operator, answerUs } = attempt;
    const atUs = this.queue.nowUs + answerUs;
    this.queue.push(atUs, ItemKind.adminAnswer, 0, 0, operator.id, 0, attempt);
  }

  /** It has happened, or the operator has given it up. */
  private endRequest(operator: Operator): void {
    operator.place += 1;
    operator.asked = 0;
    operator.attempts = [];
    operator.isWaiting = false;
    operator.deadlineUs = -1;
    this.awaitRequest(operator);
  }

  private awaitRequest(operator: Operator): void {
    const next = operator.plan.requests[operator.place];
    if (next !== undefined) this.tickAt(operator, next.atUs);
    else operator.token += 1;
  }

  /** Not before now, and not behind the deadline of the request. */
  private tickAt(operator: Operator, wantedUs: number): void {
    const { deadlineUs } = operator;
    const atUs = deadlineUs < 0 ? wantedUs : Math.min(wantedUs, deadlineUs);
    operator.token += 1;
    const { id, token } = operator;
    this.queue.push(Math.max(this.queue.nowUs, atUs), ItemKind.operator, 0, 0, id, token, null);
  }
}

function newOperator(seed: string, plan: OperatorPlan, id: number): Operator {
  return {
    id,
    plan,
    draw: openStream(seed, `operator/${id}`),
    place: 0,
    asked: 0,
    attempts: [],
    isWaiting: false,
    deadlineUs: -1,
    token: 0,
    leaderHint: 0,
    askedLast: 0,
  };
}
