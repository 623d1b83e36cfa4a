/** What must hold when logs are compacted and snapshots installed; few and plain checks on purpose. */
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
  readonly counts = { restores: 0, chunks: 0, compactions: 0, snapshots: 0, installs: 0 };
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
          must(cluster.state(node).commitIndex >= body.lastIncludedIndex, 'done is committed');
        }
      } else if (action.kind === 'restore') {
        this.counts.restores += 1;
      } else if (action.kind === 'persist') {
        if (action.write.kind === 'compactTo') this.compacts(cluster, node, action.write.index);
        if (action.write.kind === 'snapshot') this.counts.snapshots += 1;
      }
    }
    this.holds(cluster, node);
  }

  /** Election Safety, and Leader Completeness as far as the log goes back. */
  private leads(cluster: Cluster, node: NodeId, term: number): void {
    must(!this.leaders.has(term), 'one leader per term', term);
    this.leaders.set(term, node);
    const { log } = cluster.state(node);
    for (const [at, entry] of this.committed.entries()) {
      if (at + 1 < log.baseIndex) continue;
      must(log.has(at + 1, entry.term), 'a leader has what is committed', term, at + 1);
    }
  }

  private applies(index: number, entry: Entry): void {
    if (index === this.committed.length + 1) {
      this.checksums.push(checksumOf(this.checksums[index - 1]!, index, entry));
      this.committed.push(entry);
    }
    must(this.committed[index - 1] === entry, 'the same entry everywhere', index);
  }

  /** The disk holds the log through there, or a snapshot that covers it. */
  private promises(cluster: Cluster, node: NodeId, index: number): void {
    const { log } = cluster.state(node);
    must(
      isOnDisk(cluster, node, index, index < log.baseIndex ? null : log.termAt(index)),
      'promises what is safe',
      index,
    );
  }

  private compacts(cluster: Cluster, node: NodeId, index: number): void {
    this.counts.compactions += 1;
    must(cluster.disk(node).snapshot!.lastIncludedIndex >= index, 'compacts what is safe', index);
  }

  private holds(cluster: Cluster, node: NodeId): void {
    const state = cluster.state(node);
    const machine = cluster.machine(node);
    must(state.lastApplied === machine.index, 'knows what is applied', machine.index);
    must(machine.checksum === this.checksums[machine.index], 'holds the log', machine.index);
    must(state.commitIndex >= (this.#commitIndexes.get(node) ?? 0), 'commitIndex never falls');
    this.#commitIndexes.set(node, state.commitIndex);
    const { snapshot = null, firstIndex } = cluster.disk(node);
    const snapshotIndex = snapshot === null ? 0 : snapshot.lastIncludedIndex;
    must(snapshotIndex >= (this.#snapshotIndexes.get(node) ?? 0), 'snapshots never fall back');
    this.#snapshotIndexes.set(node, snapshotIndex);
    must(firstIndex! <= snapshotIndex + 1, 'no gap behind the snapshot', firstIndex);
    if (snapshot !== null) {
      const { term } = this.committed[snapshotIndex - 1]!;
      must(snapshot.lastIncludedTerm === term, 'the term of the snapshot', snapshotIndex);
      const checksum = `(${this.checksums[snapshotIndex]})`;
      must(snapshot.data.includes(checksum), 'the snapshot holds the log', snapshotIndex);
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
    must(2 * holders.length > cluster.members.length, 'committed is on a majority', commitIndex);
  }

  /** Log Matching (§5.3), where two logs overlap. */
  compareLogs(cluster: Cluster): void {
    const up = cluster.members.filter((node) => cluster.isUp(node));
    for (const a of up) for (const b of up) if (a < b) compareTwo(cluster, a, b);
  }
}

/** As `expect`, which would take most of the time of a run. */
function must(condition: boolean, sentence: string, ...numbers: (number | undefined)[]): void {
  if (!condition) throw new Error(`broken: ${sentence} (${numbers.join(', ')})`);
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
    if (isSame) must(left.entryAt(index) === right.entryAt(index), 'logs match', index);
  }
}
