/**
 * A cluster in which nothing moves by itself: the test delivers each message, fires each timer and
 * completes each write. The disks follow the contract: streams in order, `after` between them.
 */
import type {
  AdminRequest,
  ClientRequest,
  ServerConfig,
  ServerEvent,
  Write,
} from '../../core/contract.ts';
import type { Entry, Message, NodeId, Snapshot } from '../../core/messages.ts';
import { RaftServer } from '../../core/raft-server.ts';
import type { RaftState } from '../../core/raft-state.ts';
import { Machine } from './machine.ts';
import { type Action, RecordingOutbox } from './recording-outbox.ts';

export const defaultConfig: ServerConfig = {
  electionMsMin: 150,
  electionMsMax: 300,
  heartbeatMs: 50,
  batchEntriesMax: 64,
  inflightMax: 4,
  backtracking: 'conflictTerm',
  groupCommit: false,
  applyBatchMax: 1_000_000,
  persistCommitIndex: false,
  preVote: false,
  checkQuorum: false,
  reads: 'log',
  clockDriftPpm: 0,
  membership: 'joint',
  snapshotEntries: 0,
  trailingEntries: 0,
  snapshotChunkMax: 1_000_000,
  logTime: false,
};

export interface Envelope {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly body: Message;
}

export interface PendingWrite {
  readonly id: number;
  readonly stream: string;
  readonly after: number;
  readonly write: Write;
}

export interface Image {
  readonly currentTerm: number;
  readonly votedFor: NodeId;
  readonly entries: readonly Entry[];
  /** Where the entries begin; 1 by default. */
  readonly firstIndex?: number;
  readonly snapshot?: Snapshot | null;
}

class Disk {
  currentTerm = 0;
  votedFor = 0;
  commitIndex = 0;
  firstIndex = 1;
  entries: Entry[] = [];
  snapshot: Snapshot | null = null;
  pending: PendingWrite[] = [];

  /** May this one become safe now, without the ones behind it? */
  isNext(write: PendingWrite): boolean {
    const before = this.pending.slice(0, this.pending.indexOf(write));
    return before.every((older) => older.stream !== write.stream && older.id !== write.after);
  }

  complete(write: PendingWrite): void {
    this.pending.splice(this.pending.indexOf(write), 1);
    const { write: change } = write;
    switch (change.kind) {
      case 'hardState':
        this.currentTerm = change.currentTerm;
        this.votedFor = change.votedFor;
        this.commitIndex = change.commitIndex;
        break;
      case 'append':
        this.entries.push(...change.entries);
        break;
      case 'truncateFrom':
        if (change.index > this.firstIndex + this.entries.length) throw new Error('nothing there');
        this.entries.length = change.index - this.firstIndex;
        break;
      case 'overwrite':
        this.entries.splice(
          change.index - this.firstIndex,
          change.entries.length,
          ...change.entries,
        );
        break;
      case 'compactTo':
        this.entries.splice(0, Math.max(0, change.index + 1 - this.firstIndex));
        this.firstIndex = Math.max(this.firstIndex, change.index + 1);
        break;
      case 'snapshot':
        this.snapshot = change.snapshot;
        break;
    }
  }
}

export class Cluster {
  /** The voters of the bootstrap configuration, from 1. */
  readonly members: readonly NodeId[];
  /** These and the spares behind them. */
  readonly servers: readonly NodeId[];
  readonly config: ServerConfig;
  readonly #configs: Record<number, Partial<ServerConfig>>;
  /** Local time of all servers, ms: moved by the test. */
  now = 0;
  wallClock = 0;
  /** Called after every step of a server. */
  watch: (node: NodeId) => void = () => {};
  /** In the order of sending. */
  network: Envelope[] = [];
  /** By node: what it did since `take`. */
  readonly #actions: Action[][];
  /** What all did since `takeStory`, in order. */
  #story: { readonly node: NodeId; readonly action: Action }[] = [];
  readonly #lastDelivered = new Map<string, Message>();
  readonly #servers: (RaftServer | null)[];
  readonly #disks: Disk[];
  readonly #boots: number[];
  /** By node. */
  readonly #machines: Machine[];
  /** By node: snapshots that it has asked for and the host has not delivered, oldest first. */
  readonly #asked: { readonly index: number; readonly data: string }[][];
  readonly #isStateMachineDurable: boolean;
  readonly #outbox = new RecordingOutbox();
  #requestCount = 0;
  #adminCount = 0;

  constructor(
    size: number,
    options: {
      spares?: number;
      config?: Partial<ServerConfig>;
      /** By node, over `config`. */
      configs?: Record<number, Partial<ServerConfig>>;
      images?: Record<number, Image>;
      isStateMachineDurable?: boolean;
    } = {},
  ) {
    this.members = Array.from({ length: size }, (_, at) => at + 1);
    const spares = Array.from({ length: options.spares ?? 0 }, (_, at) => size + at + 1);
    this.servers = [...this.members, ...spares];
    this.config = { ...defaultConfig, ...options.config };
    this.#configs = options.configs ?? {};
    const places = [0, ...this.servers];
    this.#actions = places.map(() => []);
    this.#servers = places.map(() => null);
    this.#disks = places.map(() => new Disk());
    this.#boots = places.map(() => 0);
    this.#machines = places.map((node) => new Machine(node));
    this.#asked = places.map(() => []);
    this.#isStateMachineDurable = options.isStateMachineDurable ?? false;
    for (const [node, image] of Object.entries(options.images ?? {})) {
      const disk = this.#disks[Number(node)]!;
      disk.currentTerm = image.currentTerm;
      disk.votedFor = image.votedFor;
      disk.entries = [...image.entries];
      disk.firstIndex = image.firstIndex ?? 1;
      disk.snapshot = image.snapshot ?? null;
    }
    for (const node of this.servers) this.start(node);
  }

  // One server.

  /** The first boot, or a restart with what the disk holds. */
  start(node: NodeId): void {
    const disk = this.#disks[node]!;
    const isEmpty = disk.currentTerm === 0 && disk.entries.length === 0;
    this.#servers[node] = new RaftServer();
    const { commitIndex, firstIndex, snapshot } = disk;
    const image = isEmpty ? null : { ...this.disk(node), firstIndex, commitIndex, snapshot };
    if (!this.#isStateMachineDurable) this.#machines[node] = new Machine(node);
    const members = this.members.includes(node) ? this.members : [];
    const event = { self: node, index: node - 1, members, seed: '', image };
    this.step(node, {
      kind: 'start',
      now: this.now,
      wallClock: this.wallClock,
      boot: this.#boots[node]!,
      applied: this.#isStateMachineDurable ? this.applied(node) : null,
      config: { ...this.config, ...this.#configs[node] },
      ...event,
    });
    this.#boots[node]! += 1;
  }

  /**
   * Memory is gone, and so are all writes that are not safe, but for the first `kept`. A durable
   * state machine loses what it has applied last, `forgotten` entries.
   */
  crash(node: NodeId, kept = 0, forgotten = 0): void {
    this.#machines[node]!.forget(forgotten);
    this.#asked[node] = [];
    const disk = this.#disks[node]!;
    for (let count = 0; count < kept; count += 1) disk.complete(this.pendingWrites(node)[0]!);
    disk.pending = [];
    this.#servers[node] = null;
  }

  isUp(node: NodeId): boolean {
    return this.#servers[node] !== null;
  }

  state(node: NodeId): RaftState {
    return this.#servers[node]!.state!;
  }

  /** Through where the state machine of this server holds the log. */
  applied(node: NodeId): number {
    return this.#machines[node]!.index;
  }

  /** What the state machine of this server holds. */
  machine(node: NodeId): Machine {
    return this.#machines[node]!;
  }

  /** Snapshots that the server has asked for and not got yet: through where they reach. */
  askedSnapshots(node: NodeId): readonly number[] {
    return this.#asked[node]!.map(({ index }) => index);
  }

  /** The host delivers the snapshot that the server has asked for. */
  deliverSnapshot(node: NodeId): void {
    const { index, data } = this.#asked[node]!.shift()!;
    const { now, wallClock } = this;
    this.step(node, { kind: 'snapshotTaken', now, wallClock, index, data });
  }

  /** What a restart would find. */
  disk(node: NodeId): Image {
    const { currentTerm, votedFor, entries, firstIndex, snapshot } = this.#disks[node]!;
    return { currentTerm, votedFor, entries: [...entries], firstIndex, snapshot };
  }

  terms(node: NodeId): number[] {
    const { log } = this.state(node);
    return log.slice(log.baseIndex + 1, log.lastIndex).map((entry) => entry.term);
  }

  /** What the server did since the last call. */
  take(node: NodeId): Action[] {
    return this.#actions[node]!.splice(0);
  }

  /** What all servers did since the last call, in order. */
  takeStory(): { readonly node: NodeId; readonly action: Action }[] {
    const taken = this.#story;
    this.#story = [];
    return taken;
  }

  step(node: NodeId, event: ServerEvent): void {
    this.#servers[node]!.step(event, this.#outbox);
    for (const action of this.#outbox.take()) {
      this.#actions[node]!.push(action);
      this.#story.push({ node, action });
      if (action.kind === 'send') {
        this.network.push({ from: node, to: action.to, body: action.body });
      } else if (action.kind === 'persist') {
        const { id, stream, after, write } = action;
        this.#disks[node]!.pending.push({ id, stream, after, write });
      } else if (action.kind === 'apply') {
        this.#machines[node]!.apply(action.index, action.entry);
      } else if (action.kind === 'restore') {
        this.#machines[node]!.restore(action.index, action.data);
      } else if (action.kind === 'takeSnapshot') {
        const { index } = action;
        this.#asked[node]!.push({ index, data: this.#machines[node]!.snapshot() });
      }
    }
    this.watch(node);
  }

  timeout(node: NodeId, name: 'election' | 'heartbeat' | 'apply' = 'election'): void {
    this.step(node, { kind: 'timer', now: this.now, wallClock: this.wallClock, name });
  }

  /** A message that nobody in this cluster has sent. */
  receive(node: NodeId, from: NodeId, body: Message): void {
    this.step(node, { kind: 'message', now: this.now, wallClock: this.wallClock, from, body });
  }

  /** One batch, with ids r1, r2, … in the order of asking. */
  request(node: NodeId, ...ops: string[]): void {
    const requests = ops.map((op): ClientRequest => {
      this.#requestCount += 1;
      const command = { clientId: 1, seq: this.#requestCount, op };
      return { id: 'r' + this.#requestCount, command, readOnly: op.startsWith('get') };
    });
    this.step(node, { kind: 'request', now: this.now, wallClock: this.wallClock, requests });
  }

  /** An operator asks; ids are a1, a2, … in the order of asking. */
  admin(node: NodeId, request: AdminRequest): string {
    this.#adminCount += 1;
    const id = 'a' + this.#adminCount;
    this.step(node, { kind: 'admin', now: this.now, wallClock: this.wallClock, id, request });
    return id;
  }

  /** Asks for these voters and learners. */
  change(node: NodeId, voters: readonly NodeId[], learners: readonly NodeId[] = []): string {
    return this.admin(node, { kind: 'changeMembership', voters, learners });
  }

  // Disks.

  pendingWrites(node: NodeId): readonly PendingWrite[] {
    return this.#disks[node]!.pending;
  }

  /** May this write become safe now, before the others? */
  isNext(node: NodeId, write: PendingWrite): boolean {
    return this.#disks[node]!.isNext(write);
  }

  /** Completes one write (the oldest by default) and tells the server. */
  persist(node: NodeId, id = this.pendingWrites(node)[0]!.id): void {
    const disk = this.#disks[node]!;
    const write = disk.pending.find((candidate) => candidate.id === id)!;
    if (!disk.isNext(write)) throw new Error(`write ${id} is not the next of its stream`);
    disk.complete(write);
    this.step(node, { kind: 'persisted', now: this.now, wallClock: this.wallClock, id });
  }

  /** Completes the oldest write and does not tell the server: returns its id, for `notify`. */
  persistUntold(node: NodeId): number {
    const write = this.pendingWrites(node)[0]!;
    this.#disks[node]!.complete(write);
    return write.id;
  }

  /** Tells the server, late, that a write is safe. */
  notify(node: NodeId, id: number): void {
    this.step(node, { kind: 'persisted', now: this.now, wallClock: this.wallClock, id });
  }

  /** None of the unfinished writes reaches the disk, and the server is told of the oldest one. */
  fail(node: NodeId, error: string): void {
    const { id } = this.pendingWrites(node)[0]!;
    this.#disks[node]!.pending = [];
    this.step(node, { kind: 'persistFailed', now: this.now, wallClock: this.wallClock, id, error });
  }

  /**
   * Before a crash: this write has reached the disk, and the server will never know. Of an append,
   * only so many entries have.
   */
  keepWrite(node: NodeId, id: number, entryCount = Number.POSITIVE_INFINITY): void {
    const disk = this.#disks[node]!;
    const pending = disk.pending.find((candidate) => candidate.id === id)!;
    if (!disk.isNext(pending)) throw new Error(`write ${id} is not the next of its stream`);
    disk.complete(pending);
    const { write } = pending;
    if (write.kind !== 'append') return;
    disk.entries.length -= Math.max(0, write.entries.length - entryCount);
  }

  persistAll(node: NodeId): void {
    while (this.pendingWrites(node).length > 0) this.persist(node);
  }

  // The network.

  inFlight(from: NodeId, to: NodeId): Message[] {
    return this.network.filter((e) => e.from === from && e.to === to).map((e) => e.body);
  }

  /** Takes the oldest message from one server to another out of the network. */
  takeMessage(from: NodeId, to: NodeId): Message {
    const at = this.network.findIndex((e) => e.from === from && e.to === to);
    if (at < 0) throw new Error(`nothing in flight from ${from} to ${to}`);
    return this.network.splice(at, 1)[0]!.body;
  }

  deliver(from: NodeId, to: NodeId): void {
    const body = this.takeMessage(from, to);
    this.#lastDelivered.set(`${from}>${to}`, body);
    this.receive(to, from, body);
  }

  /** What `deliver` brought last from one server to another arrives once more. */
  deliverAgain(from: NodeId, to: NodeId): void {
    this.receive(to, from, this.#lastDelivered.get(`${from}>${to}`)!);
  }

  drop(from: NodeId, to: NodeId): void {
    this.takeMessage(from, to);
  }

  dropAll(): void {
    this.network = [];
  }

  /**
   * Completes all writes and delivers all messages among `nodes`, oldest first, until nothing is
   * left. Messages to and from others are lost.
   */
  settle(nodes: readonly NodeId[] = this.servers): void {
    for (let rounds = 0; rounds < 100_000; rounds += 1) {
      const busy = nodes.find((node) => this.isUp(node) && this.pendingWrites(node).length > 0);
      if (busy !== undefined) {
        this.persist(busy);
        continue;
      }
      const asking = nodes.find((node) => this.isUp(node) && this.#asked[node]!.length > 0);
      if (asking !== undefined) {
        this.deliverSnapshot(asking);
        continue;
      }
      const envelope = this.network.shift();
      if (envelope === undefined) return;
      const { from, to, body } = envelope;
      if (nodes.includes(from) && nodes.includes(to) && this.isUp(to)) this.receive(to, from, body);
    }
    throw new Error('the cluster does not come to rest');
  }

  /** An election that `node` wins among `nodes`, if it can; then all are at rest. */
  elect(node: NodeId, nodes: readonly NodeId[] = this.servers): void {
    this.timeout(node);
    this.settle(nodes);
  }
}

/** A log with entries of these terms. */
export function entriesOf(terms: readonly number[]): Entry[] {
  return terms.map((term, at) => ({
    term,
    command: { clientId: 9, seq: term * 100 + at + 1, op: `put k${at + 1} ${term}` },
  }));
}

export function imageOf(currentTerm: number, terms: readonly number[], votedFor = 0): Image {
  return { currentTerm, votedFor, entries: entriesOf(terms) };
}

/** The actions of one kind, in order. */
export function ofKind<Kind extends Action['kind']>(
  actions: readonly Action[],
  kind: Kind,
): Extract<Action, { kind: Kind }>[] {
  return actions.filter((a): a is Extract<Action, { kind: Kind }> => a.kind === kind);
}

/** The bodies that were sent, in order. */
export function sentBodies(actions: readonly Action[]): Message[] {
  return ofKind(actions, 'send').map((action) => action.body);
}
