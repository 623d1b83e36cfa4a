/** What must hold when logs are compacted and snapshots installed; few and plain checks on purpose. */
import { equalConfigurations } from '../../core/configuration.ts';
import type { Configuration, Entry, NodeId, Snapshot } from '../../core/messages.ts';
import type { Cluster } from './cluster.ts';
import { checksumOf } from './machine.ts';
import type { Action } from './recording-outbox.ts';

/** Looked at after every step of a server. */
export class SnapshotChecker {
  readonly leaders = new Map<number, NodeId>();
  /** By index, from 1: what the first server that applied it has applied. */
  readonly committed: Entry[] = [];
  readonly checksums: string[] = [''];
  /** By id of the request. */
  readonly answers = new Map<string, string>();
  readonly counts = { restores: 0, chunks: 0, compactions: 0, snapshots: 0, installs: 0 };
  /** By place in `committed`: a server of this term has applied it. */
  readonly #committedBy: number[] = [];
  readonly #commitIndexes = new Map<NodeId, number>();
  readonly #snapshotIndexes = new Map<NodeId, number>();
  /** In force before its last step. */
  readonly #configurations = new Map<NodeId, Configuration>();

  started(node: NodeId): void {
    this.#commitIndexes.set(node, 0);
  }

  look(cluster: Cluster, node: NodeId): void {
    for (const action of cluster.take(node)) this.#lookAt(cluster, node, action);
    this.#holds(cluster, node);
  }

  #lookAt(cluster: Cluster, node: NodeId, action: Action): void {
    switch (action.kind) {
      case 'claim':
        if (action.role === 'leader') this.#leads(cluster, node, action.term);
        break;
      case 'apply':
        this.#applies(action.index, action.entry, cluster.state(node).currentTerm);
        break;
      case 'respond':
        must(!this.answers.has(action.id), 'one answer');
        this.answers.set(action.id, action.outcome);
        break;
      case 'restore':
        this.counts.restores += 1;
        break;
      case 'persist':
        if (action.write.kind === 'snapshot') this.counts.snapshots += 1;
        if (action.write.kind === 'compactTo') this.#compacts(cluster, node, action.write.index);
        break;
      case 'send':
        this.#sends(cluster, node, action);
    }
  }

  #sends(cluster: Cluster, node: NodeId, { body }: Extract<Action, { kind: 'send' }>): void {
    if (body.kind === 'InstallSnapshot') this.counts.chunks += 1;
    if (body.kind === 'AppendEntriesResponse' && body.success) {
      this.#promises(cluster, node, body.matchIndex);
    }
    if (body.kind === 'InstallSnapshotResponse' && body.done) {
      this.counts.installs += 1;
      this.#promises(cluster, node, body.lastIncludedIndex);
      const { commitIndex } = cluster.state(node);
      must(commitIndex >= body.lastIncludedIndex, 'what is done is committed', commitIndex);
    }
  }

  /** Election Safety, and Leader Completeness as far as the log goes back. */
  #leads(cluster: Cluster, node: NodeId, term: number): void {
    must(!this.leaders.has(term), 'one leader per term', term);
    this.leaders.set(term, node);
    const { log } = cluster.state(node);
    for (const [at, entry] of this.committed.entries()) {
      // Late votes may make a leader of a term that was over when this was committed.
      if (this.#committedBy[at]! >= term || at + 1 < log.baseIndex) continue;
      must(log.has(at + 1, entry.term), 'a leader has what is committed', term, at + 1);
    }
  }

  #applies(index: number, entry: Entry, term: number): void {
    if (index === this.committed.length + 1) {
      this.checksums.push(checksumOf(this.checksums[index - 1]!, index, entry));
      this.committed.push(entry);
      this.#committedBy.push(term);
    }
    must(this.committed[index - 1] === entry, 'the same entry everywhere', index);
  }

  /** The disk holds the log through there, or a snapshot that covers it. */
  #promises(cluster: Cluster, node: NodeId, index: number): void {
    const { log } = cluster.state(node);
    const term = index < log.baseIndex ? null : log.termAt(index);
    must(isOnDisk(cluster, node, index, term), 'promises what is safe', index);
  }

  #compacts(cluster: Cluster, node: NodeId, index: number): void {
    this.counts.compactions += 1;
    const { snapshot } = cluster.disk(node);
    must(snapshot!.lastIncludedIndex >= index, 'compacts what a safe snapshot covers', index);
  }

  #holds(cluster: Cluster, node: NodeId): void {
    const state = cluster.state(node);
    const machine = cluster.machine(node);
    must(state.lastApplied === machine.index, 'knows what is applied', machine.index);
    must(machine.checksum === this.checksums[machine.index], 'holds the log', machine.index);
    const commitIndex = this.#commitIndexes.get(node)!;
    must(state.commitIndex >= commitIndex, 'commitIndex never falls', commitIndex);
    if (state.role === 'leader' && state.commitIndex > commitIndex) this.#commits(cluster, node);
    this.#commitIndexes.set(node, state.commitIndex);
    const { snapshot = null, firstIndex = 1 } = cluster.disk(node);
    const snapshotIndex = snapshot === null ? 0 : snapshot.lastIncludedIndex;
    must(snapshotIndex >= (this.#snapshotIndexes.get(node) ?? 0), 'snapshots do not fall back');
    this.#snapshotIndexes.set(node, snapshotIndex);
    must(firstIndex <= snapshotIndex + 1, 'no gap behind the snapshot', firstIndex);
    if (snapshot !== null) this.#isTrue(cluster, snapshot);
    this.#configurations.set(node, state.configuration);
  }

  /** A snapshot is what its label says. */
  #isTrue(cluster: Cluster, snapshot: Snapshot): void {
    const { lastIncludedIndex: index, lastIncludedTerm, configuration, data } = snapshot;
    const through = this.committed.slice(0, index);
    must(lastIncludedTerm === through[index - 1]!.term, 'the term of the snapshot', index);
    must(data.includes(`(${this.checksums[index]})`), 'the data of the snapshot', index);
    const last = through.reverse().find((entry) => entry.configuration !== undefined);
    const bootstrap = { voters: cluster.members, newVoters: null, learners: [] };
    const isSame = equalConfigurations(configuration, last?.configuration ?? bootstrap);
    must(isSame, 'the configuration of the snapshot', index);
  }

  /**
   * What a leader has committed is on the disks of a majority, crashed servers included: of the
   * configuration in force, or of the one in force before this step.
   */
  #commits(cluster: Cluster, node: NodeId): void {
    const { commitIndex, log, configuration } = cluster.state(node);
    const term = commitIndex < log.baseIndex ? null : log.termAt(commitIndex);
    const isHolder = (server: NodeId): boolean => isOnDisk(cluster, server, commitIndex, term);
    const before = this.#configurations.get(node) ?? configuration;
    const isBacked = isMajority(configuration, isHolder) || isMajority(before, isHolder);
    must(isBacked, 'what is committed is on a majority', commitIndex);
  }

  /** Log Matching (§5.3), where two logs overlap. */
  compareLogs(cluster: Cluster): void {
    const up = cluster.servers.filter((node) => cluster.isUp(node));
    for (const a of up) for (const b of up) if (a < b) compareTwo(cluster, a, b);
  }
}

/** As `expect`, which would take most of the time of a run. */
function must(condition: boolean, sentence: string, ...numbers: number[]): void {
  if (!condition) throw new Error(`broken: ${sentence} (${numbers.join(', ')})`);
}

function isMajority(
  { voters, newVoters }: Configuration,
  isHolder: (server: NodeId) => boolean,
): boolean {
  const isSide = (side: readonly NodeId[]) => 2 * side.filter(isHolder).length > side.length;
  return isSide(voters) && (newVoters === null || isSide(newVoters));
}

/** `term` null: whatever stands there is committed. */
function isOnDisk(cluster: Cluster, node: NodeId, index: number, term: number | null): boolean {
  const { entries, firstIndex = 1, snapshot = null } = cluster.disk(node);
  if (index === 0 || (snapshot !== null && snapshot.lastIncludedIndex >= index)) return true;
  const entry = entries[index - firstIndex];
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
