/** Clients, and the operations that they have out. */
import type { ClientRequest } from '../../core/contract.ts';
import type { Command, NodeId } from '../../core/messages.ts';
import type { Plan } from './plan.ts';
import { openStream, type Stream } from './random.ts';

/** Of an attempt that no server has got yet. */
const NOT_ARRIVED = -1;

/** What a client knows in the end: it happened, it did not, or nobody can tell. */
export type Result = 'ok' | 'fail' | 'info';

/** One command of a client, and its latest attempt. */
export interface Operation {
  readonly client: Client;
  readonly command: Command;
  readonly isRead: boolean;
  /**
   * It may be sent again while nobody knows what became of it: a command of a session takes effect
   * once (§8), and a read that no log holds has none.
   */
  readonly isRepeatable: boolean;
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
  /** A second copy of a request, which nobody waits for. */
  readonly isStray: boolean;
}

export interface Client {
  readonly id: number;
  readonly draw: Stream;
  readonly retryDraw: Stream;
  /** What kind of read or write, where there is more than one; else null. */
  readonly kindDraw: Stream | null;
  /** Which requests come twice, where commands may; else null. */
  readonly strayDraw: Stream | null;
  readonly isScripted: boolean;
  /** Reads may be sent again and again: they are answered without the log. */
  readonly hasFreeReads: boolean;
  seq: number;
  /** Its session, as the registration was answered; 0 for none. */
  session: number;
  /** It has the answers to all commands below this seq. */
  answeredBelow: number;
  /** The values that it has seen last, for compare-and-swap; absent where it saw that there is none. */
  readonly known: Map<string, string>;
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
  const { casPpm, ttlPpm, rangePpm, sessions } = plan.workload;
  const hasKinds = casPpm + ttlPpm + rangePpm > 0;
  return {
    id,
    draw: openStream(plan.seed, `client/${id}`),
    retryDraw: openStream(plan.seed, `client/${id}/retry`),
    kindDraw: hasKinds ? openStream(plan.seed, `client/${id}/kind`) : null,
    strayDraw: sessions ? openStream(plan.seed, `client/${id}/stray`) : null,
    isScripted,
    hasFreeReads: plan.cluster.config.reads !== 'log' && !isScripted,
    seq: 0,
    session: 0,
    answeredBelow: 1,
    known: new Map(),
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
  const { id: clientId, seq, session, answeredBelow } = client;
  return {
    client,
    command: session === 0 ? { clientId, seq, op } : { clientId, seq, op, session, answeredBelow },
    isRead,
    isRepeatable: session !== 0 || (isRead && client.hasFreeReads),
    attempt: 0,
    id: '',
    node: 0,
    boot: NOT_ARRIVED,
    isAnswerLost: false,
    isApplied: false,
    value: null,
    isDone: false,
    isStray: false,
  };
}

export function isReadOnly(op: string): boolean {
  return op.startsWith('get ') || op.startsWith('range ');
}

/** What is left of the client's batch goes to one server. */
export function beginAttempts(client: Client, node: NodeId, isAnswerLost: boolean): Operation[] {
  const batch: Operation[] = [];
  for (const operation of client.current) {
    if (operation.isDone || operation.node !== 0) continue;
    operation.attempt += 1;
    const { clientId, seq } = operation.command;
    operation.id = `${clientId}.${seq}/${operation.attempt}`;
    operation.node = node;
    operation.boot = NOT_ARRIVED;
    operation.isAnswerLost = isAnswerLost;
    operation.isApplied = false;
    batch.push(operation);
  }
  return batch;
}

/** The requests of this batch that are still meant for `node`: called when they arrive. */
export function arrive(batch: readonly Operation[], node: NodeId, boot: number): ClientRequest[] {
  const requests: ClientRequest[] = [];
  for (const operation of batch) {
    const { id, command, isRead } = operation;
    if (!operation.isStray) {
      if (operation.isDone || operation.node !== node) continue;
      // An older attempt that was under way to the same server has brought it already.
      if (operation.boot !== NOT_ARRIVED) continue;
      operation.boot = boot;
    }
    requests.push({ id, command, readOnly: isRead });
  }
  return requests;
}
