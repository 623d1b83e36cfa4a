/**
 * Puts a server in TypeScript or JavaScript on the Whitewater bench. Needs nothing: copy this file
 * into your repository, or import it as `whitewater/kit`.
 *
 *     export class Raft extends Server<Message> {
 *       override capabilities = { durability: 'explicit', claims: true } as const;
 *       override start(disk: Disk) { this.setTimer('election', 150, 300); }
 *     }
 *     export const createServer = () => new Raft();
 *
 * The server reads no clock, draws no random number and opens no file: time, chance and the disk are
 * the bench's. Handlers are plain functions, not async ones: nothing happens between two events.
 * console.log is for you: it goes to the log.
 */

/** Whatever JSON can carry. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** What your server can do. What it does not declare is not tested, and earns nothing. */
export interface Capabilities {
  /** explicit: `whenDurable` tells. barrier: the bench holds later actions back. none: no disk. */
  durability?: 'none' | 'immediate' | 'barrier' | 'explicit';
  /** Election timeouts lie between these, milliseconds (150 and 300). */
  electionMs?: readonly [number, number];
  /** A leader is silent no longer than this, milliseconds (50). */
  heartbeatMs?: number;
  /** Says by `claim` when it stands and when it leads. */
  claims?: boolean;
  /** `apply` carries the index of the log (true). */
  applyIndex?: boolean;
  snapshots?: boolean;
  reads?: 'log' | 'readIndex' | 'lease' | 'none';
  stateMachine?: 'bench' | 'own';
  requestBatches?: boolean;
  transfer?: boolean;
  preVote?: boolean;
  checkQuorum?: boolean;
  membership?: 'none' | 'single' | 'joint';
  pollMs?: number;
  reset?: boolean;
}

/** One stream of the disk: values by key, and one list, whose positions count from 1. */
export interface Disk {
  values: { [key: string]: Json };
  /** Position of the first entry. */
  firstIndex: number;
  entries: readonly Json[];
}

/** One write is all or nothing, except that a crash may leave a prefix of an append. */
export type Write<Entry> =
  | { put: { [key: string]: unknown } }
  | { append: readonly Entry[] }
  | { truncateFrom: number }
  | { overwrite: { index: number; entries: readonly Entry[] } }
  | { compactTo: number };

export interface Request {
  id: string;
  command: { clientId: string; seq: number; op: string };
  readOnly: boolean;
}

export type Change =
  | { takeSnapshot: true }
  | { transferTo: string }
  | { members: readonly string[]; learners: readonly string[] };

export interface Config {
  /** No clock is faster or slower than true time by more, parts per million. */
  maxDriftPpm: number;
  /** A snapshot is due when so many commands were applied since the last; null: never by itself. */
  snapshotEvery: number | null;
}

export type Outcome = 'ok' | 'redirect' | 'rejected' | 'unknown';
export type Role = 'follower' | 'candidate' | 'leader';

/** What the bench tells: see docs/protocol.md. Kinds that are new to this file ask for nothing. */
export type BenchEvent =
  | StartEvent
  | { kind: 'message'; now: number; from: string; body: Json }
  | { kind: 'timer'; now: number; name: string }
  | (Request & { kind: 'request'; now: number })
  | { kind: 'requests'; now: number; requests: readonly Request[] }
  | { kind: 'persisted'; now: number; id: number }
  | { kind: 'persistFailed'; now: number; id: number; error: string }
  | { kind: 'snapshotTaken'; now: number; index: number; ref: string }
  | { kind: 'admin'; now: number; id: string; change: Change };

export interface StartEvent {
  kind: 'start';
  now: number;
  self: string;
  index: number;
  members: readonly string[];
  boot: number;
  seed: string;
  durable: Readonly<Record<string, Disk>> | null;
  config: Config;
}

/** What a server asks for: the calls below, as the protocol writes them. */
export interface Action {
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** A write that is not known to be safe, and what waits for it. */
interface PendingWrite {
  readonly id: number;
  readonly stream: string;
  readonly waiting: (() => void)[];
}

const EMPTY_DISK: Disk = { values: {}, firstIndex: 1, entries: [] };

/**
 * One life of one server. Write the handlers that you need; call the methods below them to act.
 * `Message` is what your servers send each other, `Entry` what stands in the list on disk.
 */
export abstract class Server<Message = Json, Entry = Json> {
  readonly capabilities: Capabilities = {};
  /** For reports. */
  readonly name: string = this.constructor.name;

  /** Who I am, for example "n1". */
  me = '';
  /** The first configuration, sorted, with me in it; `peers` are the others. */
  members: readonly string[] = [];
  peers: readonly string[] = [];
  /** 0 in the first life, 1 after the first crash. */
  boot = 0;
  config: Config = { maxDriftPpm: 0, snapshotEvery: null };
  /** Milliseconds; of the event that is handled. */
  now = 0;
  /** Id of the latest write; 0 before the first. */
  lastWrite = 0;

  private actions: Action[] = [];
  private readonly pending: PendingWrite[] = [];

  // ---- Handlers, for you to write -----------------------------------------------------------------

  /** First boot and every restart: `disk` is what survived of stream "main", `streams` all of it. */
  start(_disk: Disk, _streams: Readonly<Record<string, Disk>>): void {}

  /** Something that `from` sent: perhaps late, twice, out of order, or from an earlier life. */
  message(_from: string, _body: Message): void {}

  /** A timer ran out; never one that was cancelled or set again. */
  timer(_name: string): void {}

  /** A client wants `command.op` to be done. Answer with respond(id, ...). */
  request(_request: Request): void {}

  /** This write, and all before it in its stream, are safe; whenDurable has been called already. */
  persisted(_id: number): void {}

  /** A write did not happen, nor any behind it in its stream. */
  persistFailed(id: number, error: string): void {
    this.halt(`write ${id} failed: ${error}`);
  }

  /** What takeSnapshot(index) has asked for: `ref` stands for the state. */
  snapshotTaken(_index: number, _ref: string): void {}

  /** An operator asks, for example { takeSnapshot: true }. Answer with respond(id, ...). */
  admin(id: string, _change: Change): void {
    this.respond(id, 'rejected');
  }

  // ---- Actions, for you to call -------------------------------------------------------------------

  /** `about` says what it means, for reports alone. */
  send(to: string, body: Message, about?: unknown): void {
    this.act(about === undefined ? { kind: 'send', to, body } : { kind: 'send', to, body, about });
  }

  /** The bench draws between the two. Setting a timer again replaces it. */
  setTimer(name: string, minMs: number, maxMs: number = minMs): void {
    this.act({ kind: 'setTimer', name, minMs, maxMs });
  }

  cancelTimer(name: string): void {
    this.act({ kind: 'cancelTimer', name });
  }

  /**
   * Begins a write and returns its id. Writes of one stream become safe in order; streams do not wait
   * for each other, except for the write `after`.
   */
  persist(write: Write<Entry>, { stream = 'main', after = 0 } = {}): number {
    this.lastWrite += 1;
    const id = this.lastWrite;
    this.act({ kind: 'persist', id, stream, after, write });
    if (this.capabilities.durability === 'explicit') this.pending.push({ id, stream, waiting: [] });
    return id;
  }

  /**
   * Calls `then` when this write is safe: at once if it is, never if the server crashes first.
   * With `still`, only if that is true by then: `() => this.currentTerm === term`.
   * Where durability is not explicit it is called at once: the bench sees to the order.
   */
  whenDurable(id: number, then: () => void, still: () => boolean = () => true): void {
    const write = this.pending.find((one) => one.id === id);
    if (write === undefined) then();
    else write.waiting.push(() => (still() ? then() : undefined));
  }

  /** Hands a committed command to the state machine: each one once in a life, in the same order. */
  apply(op: string, index?: number): void {
    this.act(index === undefined ? { kind: 'apply', op } : { kind: 'apply', op, index });
  }

  /**
   * ok: committed, and applied here. redirect: not accepted; `hint` is the leader, or null.
   * rejected: it will never happen. unknown: it may or may not. `value` only with a store of your own.
   */
  respond(
    id: string,
    outcome: Outcome,
    more: { readonly hint?: string | null; readonly value?: string | null } = {},
  ): void {
    this.act({ kind: 'respond', id, outcome, ...more });
  }

  /** When this server stands, and when it leads: at the event that makes it so. */
  claim(role: Role, term: number): void {
    this.act({ kind: 'claim', role, term });
  }

  /** Asks for a snapshot of all that was applied so far; snapshotTaken brings it. */
  takeSnapshot(index: number): void {
    this.act({ kind: 'takeSnapshot', index });
  }

  /** The state becomes that of the snapshot. After a restart it is empty, until this or apply. */
  restore(index: number, ref: string): void {
    this.act({ kind: 'restore', index, ref });
  }

  /** Stops this server; allowed when one of its writes was damaged, or has failed. */
  halt(reason: string): void {
    this.act({ kind: 'halt', reason });
  }

  /** A line for the story of the run. */
  note(note: unknown): void {
    this.act({ kind: 'note', note });
  }

  // ---- How it works -------------------------------------------------------------------------------

  /** All that one event makes this server do. The bench calls it. */
  handle(event: BenchEvent): readonly Action[] {
    this.actions = [];
    this.now = event.now;
    const returned: unknown = this.dispatch(event);
    if (returned instanceof Promise) {
      throw new TypeError(`the handler of "${event.kind}" is async; handlers are plain functions`);
    }
    return this.actions;
  }

  private dispatch(event: BenchEvent): unknown {
    switch (event.kind) {
      case 'start':
        return this.begin(event);
      case 'message':
        return this.message(event.from, event.body as Message);
      case 'timer':
        return this.timer(event.name);
      case 'request':
        return this.request(event);
      case 'requests':
        return event.requests.map((request) => this.request(request)).find(Boolean);
      case 'persisted':
        return this.becomeSafe(event.id);
      case 'persistFailed':
        this.forget(event.id);
        return this.persistFailed(event.id, event.error);
      case 'snapshotTaken':
        return this.snapshotTaken(event.index, event.ref);
      case 'admin':
        return this.admin(event.id, event.change);
    }
  }

  private begin(event: StartEvent): unknown {
    this.me = event.self;
    this.members = event.members;
    this.peers = event.members.filter((member) => member !== event.self);
    this.boot = event.boot;
    this.config = event.config;
    const streams = event.durable ?? {};
    return this.start(streams['main'] ?? EMPTY_DISK, streams);
  }

  private becomeSafe(id: number): unknown {
    const stream = this.pending.find((one) => one.id === id)?.stream;
    for (const write of this.taken((one) => one.stream === stream && one.id <= id)) {
      for (const then of write.waiting) then();
    }
    return this.persisted(id);
  }

  /** Nothing will make these writes safe any more. */
  private forget(id: number): void {
    const stream = this.pending.find((one) => one.id === id)?.stream;
    this.taken((one) => one.stream === stream && one.id >= id);
  }

  private taken(which: (write: PendingWrite) => boolean): PendingWrite[] {
    const taken = this.pending.filter(which);
    const kept = this.pending.filter((write) => !which(write));
    this.pending.splice(0, this.pending.length, ...kept);
    return taken;
  }

  private act(action: Action): void {
    this.actions.push(action);
  }
}
