/** The snapshots of one server, in one life: asked for, taken, received, and on its disk. */
import type {
  Configuration,
  InstallSnapshot,
  LogIndex,
  Snapshot,
  Term,
} from '../../core/messages.ts';
import type { ObservedLog } from './observed-log.ts';

/** What the log said of a place when a snapshot through there was asked for. */
export interface SnapshotRequest {
  readonly index: LogIndex;
  /** Below 0 where the log cannot tell. */
  readonly term: Term;
  readonly configuration: Configuration;
}

/** So many snapshots are remembered of which chunks have come. */
const KEPT_MAX = 8;

export class ObservedSnapshots {
  asked: SnapshotRequest | null = null;
  /** The host has delivered it in this step. */
  taken: { readonly index: LogIndex; readonly data: string } | null = null;
  /** Those that its disk has held, by index: a transfer may go on while newer ones are taken. */
  private readonly held = new Map<LogIndex, Snapshot[]>();
  /** Chunks by leader, index, term. */
  private readonly chunks = new Map<string, Map<number, InstallSnapshot>>();
  /** The log before the first change of this step that an install may have made. */
  logBefore: ObservedLog | null = null;

  constructor(durable: Snapshot | null) {
    if (durable !== null) this.hold(durable);
  }

  hold(snapshot: Snapshot): void {
    const { lastIncludedIndex } = snapshot;
    this.held.set(lastIncludedIndex, [...this.heldThrough(lastIncludedIndex), snapshot]);
  }

  heldThrough(index: LogIndex): readonly Snapshot[] {
    return this.held.get(index) ?? [];
  }

  receive(body: InstallSnapshot): void {
    const key = `${body.term}/${body.lastIncludedIndex}/${body.lastIncludedTerm}`;
    let chunks = this.chunks.get(key);
    if (chunks === undefined) {
      chunks = new Map();
      this.chunks.set(key, chunks);
      const [oldest] = this.chunks.keys();
      if (this.chunks.size > KEPT_MAX && oldest !== undefined) this.chunks.delete(oldest);
    }
    chunks.set(body.offset, body);
  }

  /** Do the chunks of one leader make up this snapshot, to its end? */
  isReceived({ lastIncludedIndex, lastIncludedTerm, data }: Snapshot): boolean {
    for (const [key, chunks] of this.chunks) {
      const isMeant = key.endsWith(`/${lastIncludedIndex}/${lastIncludedTerm}`);
      if (isMeant && makesUp(chunks, data)) return true;
    }
    return false;
  }
}

function makesUp(chunks: ReadonlyMap<number, InstallSnapshot>, data: string): boolean {
  let offset = 0;
  for (;;) {
    const chunk = chunks.get(offset);
    if (chunk === undefined || !data.startsWith(chunk.data, offset)) return false;
    offset += chunk.data.length;
    if (chunk.done) return offset === data.length;
    if (chunk.data.length === 0) return false;
  }
}
