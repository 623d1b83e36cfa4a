/** What must hold on random schedules. */
import { expect } from 'vitest';
import type { Entry, NodeId } from '../../core/messages.ts';
import type { Cluster } from './cluster.ts';

/**
 * Few and plain on purpose: they stand on their own, apart from the invariants of the bench.
 * Entries are compared by identity: a cluster shares them between its servers.
 */
export class SafetyChecker {
  readonly leaders = new Map<number, NodeId>();
  readonly applied: Entry[] = [];
  /** By place in `applied`: no entry was committed in a later term than this. */
  readonly #committedBy: number[] = [];
  readonly #nextToApply: number[] = [];
  readonly #entries = new Map<string, { readonly entry: Entry; readonly prevTerm: number }>();
  readonly answers = new Map<string, string>();
  truncations = 0;

  restarted(node: NodeId): void {
    this.#nextToApply[node] = 1;
  }

  look(cluster: Cluster, node: NodeId): void {
    for (const action of cluster.take(node)) {
      if (action.kind === 'persist' && action.write.kind === 'truncateFrom') this.truncations += 1;
      if (action.kind === 'claim' && action.role === 'leader') {
        this.#leads(cluster, node, action.term);
      }
      if (action.kind === 'restore') this.#nextToApply[node] = action.index + 1;
      if (action.kind === 'apply') {
        this.#applies(node, action.index, action.entry, cluster.state(node).currentTerm);
      }
      if (action.kind === 'respond') {
        expect(this.answers.has(action.id), `${action.id} is answered twice`).toBe(false);
        this.answers.set(action.id, action.outcome);
      }
    }
  }

  /** Log Matching: entries with the same index and term are the same, and so are those before. */
  lookAtLog(cluster: Cluster, node: NodeId): void {
    const { log } = cluster.state(node);
    for (let index = log.baseIndex + 1; index <= log.lastIndex; index += 1) {
      const entry = log.entryAt(index);
      const prevTerm = log.termAt(index - 1);
      const key = `${index} ${entry.term}`;
      const known = this.#entries.get(key);
      if (known === undefined) this.#entries.set(key, { entry, prevTerm });
      else if (known.entry !== entry || known.prevTerm !== prevTerm) {
        expect({ index, entry, prevTerm }).toBe({ index, ...known });
      }
    }
  }

  #leads(cluster: Cluster, node: NodeId, term: number): void {
    expect(this.leaders.has(term), `two leaders in term ${term}`).toBe(false);
    this.leaders.set(term, node);
    const { log } = cluster.state(node);
    for (const [at, entry] of this.applied.entries()) {
      if (this.#committedBy[at]! >= term || at < log.baseIndex) continue;
      expect(log.has(at + 1, entry.term), `the leader of ${term} lacks entry ${at + 1}`).toBe(true);
    }
  }

  #applies(node: NodeId, index: number, entry: Entry, term: number): void {
    expect(index).toBe(this.#nextToApply[node]);
    this.#nextToApply[node] = index + 1;
    if (index > this.applied.length) {
      this.applied.push(entry);
      this.#committedBy.push(term);
    }
    expect(this.applied[index - 1], `entry ${index}`).toBe(entry);
  }
}
