/** What a server of the contract answers, as actions of the protocol. */
import type {
  Command,
  DurableImage,
  Entry,
  LogIndex,
  Message,
  NodeId,
  Outbox,
  Outcome,
  ServerConfig,
  Snapshot,
  Term,
  Write,
} from '../core/contract.ts';
import type { HostedStateMachine } from '../sim/kernel/state-machine.ts';
import type { ProgramAction, ProgramWrite } from '../sim/protocol/actions.ts';
import type { Capabilities } from '../sim/protocol/capabilities.ts';
import type { DurableStream, ProgramStartEvent } from '../sim/protocol/events.ts';
import type { Json } from '../sim/protocol/json.ts';

export class ProgramOutboxOfServer implements Outbox {
  /** Where the actions of the present event go. */
  actions: ProgramAction[] = [];
  /** The store of the program, where it keeps one: what it has answered, by attempt. */
  private readonly store: HostedStateMachine | null;
  private readonly values = new Map<string, string | null>();
  /** Ops of the reads that it was asked, by the name of the command. */
  private readonly reads = new Map<string, string>();
  /** What the store held when snapshots were asked for that are not there yet. */
  private readonly states: string[] = [];

  constructor(store: HostedStateMachine | null) {
    this.store = store;
  }

  send(to: NodeId, body: Message): void {
    this.actions.push({ kind: 'send', to: `n${to}`, body: body as unknown as Json });
  }

  setTimer(name: string, minMs: number, maxMs: number): void {
    this.actions.push({ kind: 'setTimer', name, minMs, maxMs });
  }

  cancelTimer(name: string): void {
    this.actions.push({ kind: 'cancelTimer', name });
  }

  persist(id: number, stream: string, after: number, write: Write): void {
    this.actions.push({ kind: 'persist', id, stream, after, write: programWrite(write) });
  }

  apply(index: LogIndex, { command }: Entry): void {
    if (command === null) return;
    const { clientId, seq, op } = command;
    this.actions.push({ kind: 'apply', index, op, skipped: false });
    if (this.store === null) return;
    const value = this.store.apply({ clientId, seq, op: withoutName(op) }, index, 0);
    if (op.startsWith('get ')) this.values.set(`c${clientId}.${seq}`, value);
  }

  takeSnapshot(index: LogIndex): void {
    this.actions.push({ kind: 'takeSnapshot', index });
    if (this.store !== null) this.states.push(this.store.snapshot());
  }

  noteRead({ clientId, seq, op }: Command): void {
    if (this.store !== null) this.reads.set(`c${clientId}.${seq}`, op);
  }

  /** The data of a snapshot: what stands for the state of the bench, and the own state with it. */
  snapshotData(ref: string): string {
    return this.store === null ? ref : JSON.stringify([ref, this.states.shift()]);
  }

  restore(index: LogIndex, data: string): void {
    if (this.store === null) {
      this.actions.push({ kind: 'restore', index, ref: data });
      return;
    }
    const [ref, state] = JSON.parse(data) as [string, string];
    this.store.restore(state);
    this.actions.push({ kind: 'restore', index, ref });
  }

  respond(id: string, outcome: Outcome, hint: NodeId): void {
    const name = hint === 0 ? null : `n${hint}`;
    if (this.store === null || outcome !== 'ok') {
      this.actions.push({ kind: 'respond', id, outcome, hint: name });
      return;
    }
    const value = this.readValue(id, this.store);
    this.actions.push({ kind: 'respond', id, outcome, value, hint: name });
  }

  /** A read that no log holds is answered from the store as it is now. */
  private readValue(id: string, store: HostedStateMachine): string | null {
    const name = id.slice(0, id.indexOf('/'));
    const applied = this.values.get(name);
    if (applied !== undefined) return applied;
    const read = this.reads.get(name);
    return read === undefined ? null : store.query({ clientId: 0, seq: 0, op: withoutName(read) });
  }

  claim(role: 'follower' | 'candidate' | 'leader', term: Term): void {
    this.actions.push({ kind: 'claim', role, term });
  }

  halt(reason: string): void {
    this.actions.push({ kind: 'halt', reason });
  }

  note(text: string): void {
    this.actions.push({ kind: 'note', note: text });
  }
}

export function nodeOf(name: string): NodeId {
  return Number(name.slice(1));
}

/** The store of the program knows nothing of the names that the bench puts behind its ops. */
function withoutName(op: string): string {
  return op.slice(0, op.lastIndexOf(' '));
}

function programWrite(write: Write): ProgramWrite {
  switch (write.kind) {
    case 'hardState': {
      const { currentTerm, votedFor, commitIndex } = write;
      return { put: { currentTerm, votedFor, commitIndex } };
    }
    case 'append':
      return { append: write.entries as unknown as Json[] };
    case 'truncateFrom':
      return { truncateFrom: write.index };
    case 'overwrite':
      return {
        overwrite: { index: write.index, entries: write.entries as unknown as Json[] },
      };
    case 'compactTo':
      return { compactTo: write.index };
    case 'snapshot':
      return { put: { snapshot: write.snapshot as unknown as Json } };
  }
}

/** What survived, as the server of the contract knows it. */
export function imageOf(durable: Readonly<Record<string, DurableStream>>): DurableImage {
  const { currentTerm, votedFor, commitIndex } = durable['hardState']?.values ?? {};
  const log = durable['log'];
  const snapshot = durable['snapshot']?.values['snapshot'] ?? null;
  return {
    currentTerm: Number(currentTerm ?? 0),
    votedFor: Number(votedFor ?? 0),
    commitIndex: Number(commitIndex ?? 0),
    firstIndex: log?.firstIndex ?? 1,
    entries: (log?.entries ?? []) as unknown as Entry[],
    snapshot: snapshot as unknown as Snapshot | null,
  };
}

export function configOf(
  capabilities: Capabilities,
  { maxDriftPpm, snapshotEvery }: ProgramStartEvent['config'],
): ServerConfig {
  const { electionMs, heartbeatMs, reads, membership, preVote, checkQuorum } = capabilities;
  return {
    electionMsMin: electionMs[0],
    electionMsMax: electionMs[1],
    heartbeatMs,
    batchEntriesMax: 64,
    inflightMax: 16,
    backtracking: 'conflictTerm',
    groupCommit: false,
    applyBatchMax: 1_000_000,
    persistCommitIndex: false,
    preVote,
    checkQuorum,
    reads: reads === 'none' ? 'log' : reads,
    clockDriftPpm: maxDriftPpm,
    membership: membership === 'single' ? 'singleServer' : 'joint',
    snapshotEntries: snapshotEvery ?? 0,
    trailingEntries: 0,
    snapshotChunkMax: 32,
    logTime: false,
  };
}
