/** Clients, and the operations that they have out. */
import type { Command, NodeId } from '../../core/messages.ts';
import type { Plan, WorkloadPlan } from './plan.ts';
import { decide, openStream, type Stream } from './random.ts';

const MILLION = 1_000_000;

/** What a client knows in the end: it happened, it did not, or nobody can tell. */
export type Result = 'ok' | 'fail' | 'info';

/** One command of a client, and its latest attempt. */
export interface Operation {
  readonly client: Client;
  readonly command: Command;
  readonly isRead: boolean;
  attempt: number;
  id: string;
  /** Server and life that the attempt went to; 0 while there is none. */
  node: NodeId;
  boot: number;
  isAnswerLost: boolean;
  /** Set when the state machine of that server, in that life, has applied the command. */
  isApplied: boolean;
  value: string | null;
  isDone: boolean;
}

export interface Client {
  readonly id: number;
  readonly draw: Stream;
  readonly retryDraw: Stream;
  readonly isScripted: boolean;
  seq: number;
  readonly current: Operation[];
  /** Where the last redirect pointed, or the last ok came from; 0 for no idea. */
  leaderHint: NodeId;
  /** Tells stale ticks and retries apart: one more whenever the current operation changes. */
  token: number;
  /** When it stops waiting for the current operation; -1 for never. */
  deadlineUs: number;
  /** There is one timeout item in the queue, at or before the deadline. */
  isTimeoutQueued: boolean;
  /** When its current operation began. */
  invokedUs: number;
  /** How many keys it has read in the last phase. */
  finalReads: number;
}

/** The number that an id begins with; 0 when it begins with none. */
export function clientOf(id: string): number {
  let client = 0;
  for (let i = 0; i < id.length; i += 1) {
    const digit = id.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) break;
    client = client * 10 + digit;
  }
  return client;
}

export function newClient(plan: Plan, id: number, isScripted: boolean): Client {
  return {
    id,
    draw: openStream(plan.seed, `client/${id}`),
    retryDraw: openStream(plan.seed, `client/${id}/retry`),
    isScripted,
    seq: 0,
    current: [],
    leaderHint: 0,
    token: 0,
    deadlineUs: -1,
    isTimeoutQueued: false,
    invokedUs: 0,
    finalReads: 0,
  };
}

export function newOperation(client: Client, op: string, isRead: boolean): Operation {
  client.seq += 1;
  return {
    client,
    command: { clientId: client.id, seq: client.seq, op },
    isRead,
    attempt: 0,
    id: '',
    node: 0,
    boot: -1,
    isAnswerLost: false,
    isApplied: false,
    value: null,
    isDone: false,
  };
}

/** Draws the next batch of commands; in the last phase one read, of the next key. */
export function drawBatch(client: Client, plan: WorkloadPlan, isFinal: boolean): void {
  const { draw, current } = client;
  const count = decide(draw, 1, plan.batchMax);
  const kindDraw = draw() * MILLION;
  const keyDraw = draw();
  if (isFinal) {
    current.push(newOperation(client, `get x${client.finalReads}`, true));
    return;
  }
  for (let i = 0; i < count; i += 1) {
    // One draw decides about all of the batch, whatever its size.
    const isRead = (kindDraw + i * 700_001) % MILLION < plan.readPpm;
    const key = (Math.floor(keyDraw * plan.keys) + i) % plan.keys;
    const op = isRead ? `get x${key}` : `put x${key} ${client.id}.${client.seq + 1}`;
    current.push(newOperation(client, op, isRead));
  }
}
