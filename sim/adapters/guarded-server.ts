/**
 * Servers of somebody else, held to the contract where a type checker may not have looked. What
 * they hand to the world is looked at and copied first: what is wrong there is their exception, in
 * the event in which it happened, and never a surprise for the bench.
 */
import type {
  CreateServer,
  Outbox,
  Outcome,
  Server,
  ServerEvent,
  Write,
} from '../../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, Term } from '../../core/messages.ts';
import { AssertionError } from '../../invariants/assert.ts';
import { ContractError } from '../kernel/server-outbox.ts';
import type { ActionRecord } from '../trace/format.ts';
import { checkAction } from '../trace/shape.ts';
import { show } from '../usage-error.ts';

/** The same servers; each call throws a ContractError for what the contract does not allow. */
export function guarded(createServer: CreateServer): CreateServer {
  return () => {
    const server: unknown = createServer();
    if (isServer(server)) return new GuardedServer(server);
    throw new ContractError(
      `createServer() must return an object with a method step(event, out), not ${show(server)}`,
    );
  };
}

function isServer(value: unknown): value is Server {
  return (
    typeof value === 'object' &&
    value !== null &&
    'step' in value &&
    typeof value.step === 'function'
  );
}

class GuardedServer implements Server {
  private readonly server: Server;

  constructor(server: Server) {
    this.server = server;
  }

  step(event: ServerEvent, out: Outbox): void {
    const guard = new GuardedOutbox(out);
    const answer: unknown = this.server.step(event, guard);
    guard.close();
    if (answer === undefined) return;
    const got = answer instanceof Promise ? 'a promise' : show(answer);
    throw new ContractError(`step() must be done when it returns and return nothing, not ${got}`);
  }
}

const KINDS: readonly Message['kind'][] = [
  'RequestVote',
  'RequestVoteResponse',
  'AppendEntries',
  'AppendEntriesResponse',
  'InstallSnapshot',
  'InstallSnapshotResponse',
  'TimeoutNow',
];

/** One step long: a server that keeps it has nothing from it. */
class GuardedOutbox implements Outbox {
  private readonly out: Outbox;
  private isOpen = true;

  constructor(out: Outbox) {
    this.out = out;
  }

  close(): void {
    this.isOpen = false;
  }

  send(to: NodeId, body: Message): void {
    const action = this.checked({ k: 'sent', to, messageId: 0, copies: 0, body });
    // Other kinds would be judged as if nothing had been said, and found wanting for it.
    if (!KINDS.includes(action.body.kind)) {
      const kinds = KINDS.join(', ');
      throw new ContractError(`a message is of one of the kinds ${kinds}, not ${show(body.kind)}`);
    }
    this.pass(() => this.out.send(to, action.body));
  }

  setTimer(timer: string, minMs: number, maxMs: number): void {
    this.checked({ k: 'timerSet', timer, minMs, maxMs });
    this.pass(() => this.out.setTimer(timer, minMs, maxMs));
  }

  cancelTimer(timer: string): void {
    this.checked({ k: 'timerCancelled', timer });
    this.pass(() => this.out.cancelTimer(timer));
  }

  persist(writeId: number, stream: string, after: number, write: Write): void {
    const action = this.checked({ k: 'persistIssued', writeId, stream, after, write });
    this.pass(() => this.out.persist(writeId, stream, after, action.write));
  }

  apply(index: LogIndex, entry: Entry): void {
    const action = this.checked({ k: 'applied', index, entry });
    this.pass(() => this.out.apply(index, action.entry));
  }

  takeSnapshot(index: LogIndex): void {
    this.checked({ k: 'snapshotAsked', index });
    this.pass(() => this.out.takeSnapshot(index));
  }

  restore(index: LogIndex, data: string): void {
    this.checked({ k: 'restored', index, data });
    this.pass(() => this.out.restore(index, data));
  }

  respond(requestId: string, outcome: Outcome, hint: NodeId): void {
    this.checked({ k: 'responded', requestId, outcome, hint, value: null });
    this.pass(() => this.out.respond(requestId, outcome, hint));
  }

  claim(role: 'follower' | 'candidate' | 'leader', term: Term): void {
    this.checked({ k: 'claimed', role, term });
    this.pass(() => this.out.claim(role, term));
  }

  halt(reason: string): void {
    this.checked({ k: 'halted', reason });
    this.pass(() => this.out.halt(reason));
  }

  note(text: string): void {
    this.checked({ k: 'noted', text });
    this.pass(() => this.out.note(text));
  }

  /** What fails behind the border is the bench's own, unless it says otherwise. */
  private pass(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (error instanceof ContractError || error instanceof AssertionError) throw error;
      throw new AssertionError(String(error), { cause: error });
    }
  }

  /** A copy that is of the right shape, and plain data. */
  private checked<A extends ActionRecord>(action: A): A {
    if (!this.isOpen) throw new ContractError('an outbox is good for one step, and was kept');
    const copy = plain(action, action.k, 0) as A;
    try {
      checkAction(copy, action.k);
    } catch (error) {
      throw new ContractError((error as Error).message.replace(/\.$/, ''));
    }
    return copy;
  }
}

const DEPTH_MAX = 32;

/** A deep copy. Throws a ContractError for what JSON cannot carry. */
function plain(value: unknown, path: string, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (Number.isFinite(value)) return value;
  if (typeof value !== 'object') {
    const what = typeof value === 'number' ? String(value) : `a value of type ${typeof value}`;
    throw new ContractError(`${path} is ${what}, which cannot be sent or stored`);
  }
  if (depth > DEPTH_MAX) throw new ContractError(`${path} is nested too deep, or in itself`);
  if (Array.isArray(value)) return value.map((item, i) => plain(item, `${path}[${i}]`, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) copy[key] = plain(item, `${path}.${key}`, depth + 1);
  }
  return copy;
}
