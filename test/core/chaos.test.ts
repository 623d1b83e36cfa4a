/**
 * Random schedules with loss, duplication, any order of delivery, slow disks and crashes that keep
 * a prefix of the unfinished writes. The checks here are few and plain on purpose: they stand on
 * their own, apart from the invariants of the bench. CHAOS_SEEDS=20000 runs more of them.
 */
import { describe, expect, it } from 'vitest';
import type { Entry, NodeId } from '../../core/messages.ts';
import { Cluster } from './cluster.ts';

/** mulberry32: whole numbers in [0, below). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

class Checker {
  readonly leaders = new Map<number, NodeId>();
  readonly applied: Entry[] = [];
  readonly nextToApply: number[] = [];
  readonly acknowledged = new Set<string>();
  answers = 0;
  truncations = 0;

  restarted(node: NodeId): void {
    this.nextToApply[node] = 1;
  }

  look(cluster: Cluster, node: NodeId): void {
    const actions = cluster.take(node);
    for (const action of actions) {
      if (action.kind === 'persist' && action.write.kind === 'truncateFrom') this.truncations += 1;
      if (action.kind === 'claim' && action.role === 'leader')
        this.leads(cluster, node, action.term);
      if (action.kind === 'apply') this.applies(node, action.index, action.entry);
      if (action.kind === 'respond') {
        this.answers += 1;
        if (action.outcome === 'ok') this.acknowledged.add(action.id);
      }
    }
  }

  private leads(cluster: Cluster, node: NodeId, term: number): void {
    expect(this.leaders.has(term), `two leaders in term ${term}`).toBe(false);
    this.leaders.set(term, node);
    const { log } = cluster.state(node);
    for (const [at, entry] of this.applied.entries()) {
      expect(log.has(at + 1, entry.term), `the leader of ${term} lacks entry ${at + 1}`).toBe(true);
    }
  }

  private applies(node: NodeId, index: number, entry: Entry): void {
    expect(index).toBe(this.nextToApply[node]);
    this.nextToApply[node] = index + 1;
    if (index > this.applied.length) this.applied.push(entry);
    expect(this.applied[index - 1]).toBe(entry);
  }
}

function disturb(cluster: Cluster, random: (below: number) => number, checker: Checker): void {
  const node = cluster.members[random(cluster.members.length)]!;
  const dice = random(100);
  if (!cluster.isUp(node)) {
    if (dice < 30) {
      cluster.start(node);
      checker.restarted(node);
    }
    return;
  }
  if (dice < 55) {
    if (cluster.network.length === 0) return;
    const at = random(cluster.network.length);
    const envelope = cluster.network[at]!;
    if (random(10) > 0) cluster.network.splice(at, 1);
    if (!cluster.isUp(envelope.to) || random(8) === 0) return;
    cluster.receive(envelope.to, envelope.from, envelope.body);
    checker.look(cluster, envelope.to);
  } else if (dice < 80) {
    const ready = cluster.pendingWrites(node).filter((write) => cluster.isNext(node, write));
    if (ready.length > 0) cluster.persist(node, ready[random(ready.length)]!.id);
  } else if (dice < 88) cluster.request(node, 'put x 1');
  else if (dice < 91) cluster.request(node, 'put x 1', 'get x', 'put y 2');
  else if (dice < 95) cluster.timeout(node, 'heartbeat');
  else if (dice < 98) cluster.timeout(node);
  else if (random(2) === 0) cluster.crash(node, random(cluster.pendingWrites(node).length + 1));
  if (cluster.isUp(node)) checker.look(cluster, node);
}

/** After healing, a few elections and heartbeats must bring everybody to the same place. */
function heal(cluster: Cluster, checker: Checker): void {
  for (const node of cluster.members.filter((member) => !cluster.isUp(member))) {
    cluster.start(node);
    checker.restarted(node);
  }
  const lookAtAll = (): void => {
    for (const node of cluster.members) checker.look(cluster, node);
  };
  cluster.settle();
  lookAtAll();
  const leader = (): NodeId | undefined =>
    cluster.members
      .filter((node) => cluster.state(node).role === 'leader')
      .sort((a, b) => cluster.state(b).currentTerm - cluster.state(a).currentTerm)[0];
  for (let round = 0; round < 20; round += 1) {
    const leading = leader();
    if (leading === undefined) cluster.timeout(cluster.members[round % cluster.members.length]!);
    else for (let beat = 0; beat < 3; beat += 1) cluster.timeout(leading, 'heartbeat');
    cluster.settle();
    lookAtAll();
  }
  const states = cluster.members.map((node) => cluster.state(node));
  const last = Math.max(...states.map((state) => state.log.lastIndex));
  expect(states.map((state) => state.log.lastIndex)).toEqual(states.map(() => last));
  expect(states.map((state) => state.commitIndex)).toEqual(states.map(() => last));
  for (const state of states) expect(state.pendingRequests).toEqual([]);
}

describe('random schedules', () => {
  const totals = { acknowledged: 0, leaders: 0, truncations: 0 };

  for (let seed = 1; seed <= Number(process.env['CHAOS_SEEDS'] ?? 300); seed += 1) {
    it(`seed ${seed}`, () => {
      const random = randomFrom(seed);
      const cluster = new Cluster(1 + random(7), {
        config: {
          batchEntriesMax: 1 + random(3),
          inflightMax: 1 + random(3),
          backtracking: random(3) === 0 ? 'decrement' : 'conflictTerm',
        },
      });
      const checker = new Checker();
      for (const node of cluster.members) checker.restarted(node);
      for (let count = 0; count < 1500; count += 1) disturb(cluster, random, checker);
      heal(cluster, checker);
      totals.acknowledged += checker.acknowledged.size;
      totals.leaders += checker.leaders.size;
      totals.truncations += checker.truncations;
    });
  }

  it('did something', () => {
    expect(totals.acknowledged).toBeGreaterThan(1000);
    expect(totals.leaders).toBeGreaterThan(500);
    expect(totals.truncations).toBeGreaterThan(100);
  });
});
