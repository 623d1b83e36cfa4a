/** What must hold when logs are compacted and snapshots installed; few and plain checks on purpose. */
import { expect } from 'vitest';
import type { Entry, NodeId } from '../../core/messages.ts';
import type { Cluster } from './cluster.ts';
import { checksumOf } from './machine.ts';

/** Looked at after every step of a server. */
export class SnapshotChecker {
  readonly leaders = new Map<number, NodeId>();
  /** By index, from 1: what the first server that applied it has applied. */
  readonly committed: Entry[] = [];
  readonly checksums: string[] = [''];
  readonly acknowledged = new Set<string>();
  readonly counts = { restores: 0, chunks: 0, compactions: 0, snapshots: 0, installs: 0, kept: 0 };
  readonly #commitIndexes = new Map<NodeId, number>();
  readonly #snapshotIndexes = new Map<NodeId, number>();

  started(node: NodeId): void {
    this.#commitIndexes.set(node, 0);
  }

  look(cluster: Cluster, node: NodeId): void {
    for (const action of cluster.take(node)) {
      if (action.kind === 'claim' && action.role === 'leader') {
        this.leads(cluster, node, action.term);
      } else if (action.kind === 'apply') this.applies(action.index, action.entry);
      else if (action.kind === 'respond') {
        if (action.outcome === 'ok') this.acknowledged.add(action.id);
      } else if (action.kind === 'send') {
        const { body } = action;
        if (body.kind === 'InstallSnapshot') this.counts.chunks += 1;
        if (body.kind === 'AppendEntriesResponse' && body.success) {
          this.promises(cluster, node, body.matchIndex);
        }
        if (body.kind === 'InstallSnapshotResponse' && body.done) {
          this.counts.installs += 1;
          this.promises(cluster, node, body.lastIncludedIndex);
          expect(cluster.state(node).commitIndex).toBeGreaterThanOrEqual(body.lastIncludedIndex);
        }
      } else if (action.kind === 'restore') {
        this.counts.restores += 1;
        if (cluster.state(node).log.lastIndex > action.index) this.counts.kept += 1;
      } else if (action.kind === 'persist') {
        if (action.write.kind === 'compactTo') this.compacts(cluster, node, action.write.index);
        if (action.write.kind === 'snapshot') this.counts.snapshots += 1;
      }
    }
    this.holds(cluster, node);
  }

  /** Election Safety, and Leader Completeness as far as the log goes back. */
  private leads(cluster: Cluster, node: NodeId, term: number): void {
    expect(this.leaders.has(term), `two leaders in term ${term}`).toBe(false);
    this.leaders.set(term, node);
    const { log } = cluster.state(node);
    for (const [at, entry] of this.committed.entries()) {
      if (at + 1 < log.baseIndex) continue;
      expect(log.has(at + 1, entry.term), `the leader of ${term} lacks entry ${at + 1}`).toBe(true);
    }
  }

  private applies(index: number, entry: Entry): void {
    if (index === this.committed.length + 1) {
      this.checksums.push(checksumOf(this.checksums[index - 1]!, index, entry));
      this.committed.push(entry);
    }
    expect(this.committed[index - 1]).toBe(entry);
  }

  /** The disk holds the log through there, or a snapshot that covers it. */
  private promises(cluster: Cluster, node: NodeId, index: number): void {
    const { log } = cluster.state(node);
    expect(isOnDisk(cluster, node, index, index < log.baseIndex ? null : log.termAt(index))).toBe(
      true,
    );
  }

  private compacts(cluster: Cluster, node: NodeId, index: number): void {
    this.counts.compactions += 1;
    expect(cluster.disk(node).snapshot!.lastIncludedIndex).toBeGreaterThanOrEqual(index);
  }

  private holds(cluster: Cluster, node: NodeId): void {
    const state = cluster.state(node);
    const machine = cluster.machine(node);
    expect(state.lastApplied).toBe(machine.index);
    expect(machine.checksum).toBe(this.checksums[machine.index]);
    expect(state.commitIndex).toBeGreaterThanOrEqual(this.#commitIndexes.get(node) ?? 0);
    this.#commitIndexes.set(node, state.commitIndex);
    const { snapshot = null, firstIndex } = cluster.disk(node);
    const snapshotIndex = snapshot === null ? 0 : snapshot.lastIncludedIndex;
    expect(snapshotIndex).toBeGreaterThanOrEqual(this.#snapshotIndexes.get(node) ?? 0);
    this.#snapshotIndexes.set(node, snapshotIndex);
    expect(firstIndex).toBeLessThanOrEqual(snapshotIndex + 1);
    if (snapshot !== null) {
      expect(snapshot.lastIncludedTerm).toBe(this.committed[snapshotIndex - 1]!.term);
      expect(snapshot.data).toContain(`(${this.checksums[snapshotIndex]})`);
    }
    if (state.role === 'leader') this.commits(cluster, node);
  }

  /** What a leader has committed is on the disks of a majority, crashed servers included. */
  private commits(cluster: Cluster, node: NodeId): void {
    const { commitIndex, log } = cluster.state(node);
    const term = commitIndex < log.baseIndex ? null : log.termAt(commitIndex);
    const holders = cluster.members.filter((member) =>
      isOnDisk(cluster, member, commitIndex, term),
    );
    expect(2 * holders.length).toBeGreaterThan(cluster.members.length);
  }

  /** Log Matching (§5.3), where two logs overlap. */
  compareLogs(cluster: Cluster): void {
    const up = cluster.members.filter((node) => cluster.isUp(node));
    for (const a of up) for (const b of up) if (a < b) compareTwo(cluster, a, b);
  }
}

function isOnDisk(cluster: Cluster, node: NodeId, index: number, term: number | null): boolean {
  const { entries, firstIndex, snapshot = null } = cluster.disk(node);
  if (index === 0 || (snapshot !== null && snapshot.lastIncludedIndex >= index)) return true;
  const entry = entries[index - firstIndex!];
  return entry !== undefined && (term === null || entry.term === term);
}

function compareTwo(cluster: Cluster, a: NodeId, b: NodeId): void {
  const [left, right] = [cluster.state(a).log, cluster.state(b).log];
  const lowest = Math.max(left.baseIndex, right.baseIndex) + 1;
  let isSame = false;
  for (let index = Math.min(left.lastIndex, right.lastIndex); index >= lowest; index -= 1) {
    if (left.termAt(index) === right.termAt(index)) isSame = true;
    if (isSame) expect(left.entryAt(index)).toBe(right.entryAt(index));
  }
}
