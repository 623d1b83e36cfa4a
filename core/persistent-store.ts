import type { Entry, LogIndex, NodeId, Snapshot, Term } from './messages.ts';

/** Names of the storage streams; writes are ordered within a stream only. */
export type StreamName = string;

/** One write is all or nothing, except that an append may survive a crash in part (a prefix). */
export type Write =
  | {
      readonly kind: 'hardState';
      readonly currentTerm: Term;
      readonly votedFor: NodeId;
      /** 0 where the commit index is not persisted; a promise that the log is safe through it. */
      readonly commitIndex: LogIndex;
    }
  | { readonly kind: 'append'; readonly entries: readonly Entry[] }
  | { readonly kind: 'truncateFrom'; readonly index: LogIndex }
  /** Replaces entries from `index` on and keeps what stands behind them. */
  | { readonly kind: 'overwrite'; readonly index: LogIndex; readonly entries: readonly Entry[] }
  /**
   * The entries through `index` go (§7): the log begins behind it, empty when it ended before. Only
   * when a snapshot that covers them is safe, or by `after` will be before this.
   */
  | { readonly kind: 'compactTo'; readonly index: LogIndex }
  /** Takes the place of the last snapshot as a whole. */
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot };

/** Stable storage (Figure 2, "persistent state on all servers"), as seen by a server. */
export interface PersistentStore {
  /**
   * Starts a write; a `persisted` event tells when it is safe. Ids rise within a life. Writes of
   * one stream become safe in order; across streams only `after` (the id of an earlier write, 0
   * for none) orders them.
   */
  persist(id: number, stream: StreamName, after: number, write: Write): void;
}
