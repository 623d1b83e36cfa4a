/**
 * Random schedules with snapshots every few entries, in chunks of a few characters: loss,
 * duplication, any order of delivery, slow disks and hosts, notices that come late, crashes that
 * keep a part of the unfinished writes. CHAOS_SEEDS=20000 runs more of them.
 */
import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../core/messages.ts';
import { Cluster } from './cluster.ts';
import { randomFrom } from './random-from.ts';
import { SnapshotChecker } from './snapshot-checker.ts';

type Random = (below: number) => number;

interface Run {
  readonly cluster: Cluster;
  readonly checker: SnapshotChecker;
  readonly random: Random;
  /** By node: writes that are safe and that the server has not been told of. */
  readonly untold: number[][];
  /** Nothing gets to this server or away from it; 0 for nobody. */
  cut: NodeId;
}

function disturb(run: Run): void {
  const { cluster, random, untold } = run;
  const node = cluster.members[random(cluster.members.length)]!;
  const dice = random(100);
  if (!cluster.isUp(node)) {
    if (dice < 30) start(run, node);
    return;
  }
  if (dice < 50) deliver(run);
  else if (dice < 72) write(run, node);
  else if (dice < 76) {
    if (cluster.askedSnapshots(node).length > 0) cluster.deliverSnapshot(node);
  } else if (dice < 78) {
    const id = untold[node]!.splice(random(untold[node]!.length + 1), 1)[0];
    if (id !== undefined) cluster.notify(node, id);
  } else if (dice < 88) ask(run, node);
  else if (dice < 93) cluster.timeout(node, 'heartbeat');
  else if (dice < 95) {
    if (cluster.state(node).isApplyTimerSet) cluster.timeout(node, 'apply');
  } else if (dice < 97) {
    if (random(4) === 0) cluster.timeout(node);
  } else if (random(8) === 0) crash(run, node);
  else cluster.admin(node, { kind: 'takeSnapshot' });
}

/** Mostly whoever leads. */
function ask({ cluster, random }: Run, node: NodeId): void {
  const isLeader = (member: NodeId): boolean =>
    cluster.isUp(member) && cluster.state(member).role === 'leader';
  const asked = random(3) === 0 ? node : (cluster.members.find(isLeader) ?? node);
  if (random(4) > 0) cluster.request(asked, 'put x 1');
  else cluster.request(asked, 'put x 1', 'get x', 'put y 2');
}

function deliver({ cluster, random, cut }: Run): void {
  if (cut !== 0)
    cluster.network = cluster.network.filter(({ from, to }) => ![from, to].includes(cut));
  if (cluster.network.length === 0) return;
  // Old messages now and then, among newer ones that keep things going.
  const at = random(random(4) === 0 ? cluster.network.length : Math.min(6, cluster.network.length));
  const envelope = cluster.network[at]!;
  if (random(10) > 0) cluster.network.splice(at, 1);
  if (!cluster.isUp(envelope.to) || random(8) === 0) return;
  cluster.receive(envelope.to, envelope.from, envelope.body);
}

function write({ cluster, random, untold }: Run, node: NodeId): void {
  const ready = cluster.pendingWrites(node).filter((pending) => cluster.isNext(node, pending));
  if (ready.length === 0) return;
  const { id } = ready[random(ready.length)]!;
  if (random(6) > 0) cluster.persist(node, id);
  else {
    cluster.keepWrite(node, id);
    untold[node]!.push(id);
  }
}

/** Of each stream some prefix survives, and perhaps a part of the append behind it. */
function crash({ cluster, random, untold }: Run, node: NodeId): void {
  const torn = new Set<string>();
  while (random(3) > 0) {
    const ready = cluster
      .pendingWrites(node)
      .filter((pending) => cluster.isNext(node, pending) && !torn.has(pending.stream));
    if (ready.length === 0) break;
    const { id, stream } = ready[random(ready.length)]!;
    if (random(3) > 0) cluster.keepWrite(node, id);
    else {
      torn.add(stream);
      const { write: change } = ready.find((pending) => pending.id === id)!;
      if (change.kind === 'append') cluster.keepWrite(node, id, random(change.entries.length + 1));
    }
  }
  untold[node] = [];
  cluster.crash(node, 0, random(3));
}

function start({ cluster, checker }: Run, node: NodeId): void {
  checker.started(node);
  cluster.start(node);
}

/** After healing, a few elections and heartbeats must bring everybody to the same place. */
function heal(run: Run): void {
  const { cluster, checker } = run;
  for (const node of cluster.members) if (!cluster.isUp(node)) start(run, node);
  for (const node of cluster.members) {
    for (const id of run.untold[node]!.splice(0)) cluster.notify(node, id);
  }
  comeToRest(run);
  const leader = (): NodeId | undefined =>
    cluster.members
      .filter((node) => cluster.state(node).role === 'leader')
      .sort((a, b) => cluster.state(b).currentTerm - cluster.state(a).currentTerm)[0];
  for (let round = 0; round < 20; round += 1) {
    const leading = leader();
    if (leading === undefined) cluster.timeout(cluster.members[round % cluster.members.length]!);
    else for (let beat = 0; beat < 3; beat += 1) cluster.timeout(leading, 'heartbeat');
    comeToRest(run);
  }
  const states = cluster.members.map((node) => cluster.state(node));
  const last = Math.max(...states.map((state) => state.log.lastIndex));
  expect(states.map((state) => state.log.lastIndex)).toEqual(states.map(() => last));
  expect(states.map((state) => state.lastApplied)).toEqual(states.map(() => last));
  for (const state of states) {
    expect(state.pendingRequests).toEqual([]);
    expect(state.snapshots.requests).toEqual([]);
  }
  checker.compareLogs(cluster);
}

function comeToRest({ cluster }: Run): void {
  cluster.settle();
  for (let rounds = 0; rounds < 1000; rounds += 1) {
    const busy = cluster.members.find((node) => cluster.state(node).isApplyTimerSet);
    if (busy === undefined) break;
    cluster.timeout(busy, 'apply');
    cluster.settle();
  }
}

describe('random schedules with snapshots', () => {
  const totals = { acknowledged: 0, leaders: 0 };
  const counts: Record<string, number> = {};

  for (let seed = 1; seed <= Number(process.env['CHAOS_SEEDS'] ?? 300); seed += 1) {
    it(`seed ${seed}`, () => {
      const random = randomFrom(seed);
      const cluster = new Cluster(1 + random(5), {
        config: {
          batchEntriesMax: 1 + random(3),
          inflightMax: 1 + random(3),
          backtracking: random(3) === 0 ? 'decrement' : 'conflictTerm',
          groupCommit: random(2) === 0,
          applyBatchMax: random(2) === 0 ? 1 + random(3) : 1000,
          persistCommitIndex: random(2) === 0,
          snapshotEntries: 1 + random(3),
          trailingEntries: random(3),
          snapshotChunkMax: 1 + random(5),
        },
        isStateMachineDurable: random(2) === 0,
      });
      const untold = [0, ...cluster.members].map(() => []);
      const checker = new SnapshotChecker();
      cluster.watch = (node) => checker.look(cluster, node);
      const run: Run = { cluster, checker, random, untold, cut: 0 };
      for (let count = 0; count < 3000; count += 1) {
        if (count % 120 === 0) run.cut = random(2) === 0 ? 0 : 1 + random(cluster.members.length);
        disturb(run);
        if (count % 50 === 0) run.checker.compareLogs(cluster);
      }
      heal(run);
      totals.acknowledged += run.checker.acknowledged.size;
      totals.leaders += run.checker.leaders.size;
      for (const [name, count] of Object.entries(run.checker.counts)) {
        counts[name] = (counts[name] ?? 0) + count;
      }
    });
  }

  it('did something', () => {
    if (process.env['CHAOS_PRINT'] !== undefined) console.log(totals, counts);
    expect(totals.acknowledged).toBeGreaterThan(1000);
    expect(totals.leaders).toBeGreaterThan(500);
    for (const [name, count] of Object.entries(counts)) expect(count, name).toBeGreaterThan(20);
  });
});
