/**
 * Random schedules with snapshots every few entries, in chunks of a few characters: loss,
 * duplication, any order of delivery, servers that are cut off, slow disks and hosts, notices that
 * come late, crashes that keep a part of the unfinished writes; in half of them the membership
 * changes, too. CHAOS_SEEDS=20000 runs more of them.
 */
import { describe, expect, it } from 'vitest';
import { serversOf } from '../../core/configuration.ts';
import type { ServerConfig } from '../../core/contract.ts';
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
  cluster.now += random(3);
  const node = cluster.servers[random(cluster.servers.length)]!;
  const dice = random(200);
  if (!cluster.isUp(node)) {
    if (dice < 60) start(run, node);
  } else if (dice < 100) deliver(run);
  else if (dice < 144) write(run, node);
  else if (dice < 152) {
    if (cluster.askedSnapshots(node).length > 0) cluster.deliverSnapshot(node);
  } else if (dice < 156) {
    const id = untold[node]!.splice(random(untold[node]!.length + 1), 1)[0];
    if (id !== undefined) cluster.notify(node, id);
  } else if (dice < 176) request(run, node);
  else if (dice < 186) cluster.timeout(node, 'heartbeat');
  else if (dice < 190) {
    if (cluster.state(node).isApplyTimerSet) cluster.timeout(node, 'apply');
  } else if (dice < 192) {
    if (random(2) === 0) cluster.timeout(node);
  } else if (dice < 194) operate(run, node);
  else if (random(8) === 0) crash(run, node);
}

function deliver({ cluster, random, cut }: Run): void {
  if (cut !== 0) {
    cluster.network = cluster.network.filter(({ from, to }) => from !== cut && to !== cut);
  }
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

/** Mostly asks whoever leads. */
function request({ cluster, random }: Run, node: NodeId): void {
  const isLeader = (server: NodeId): boolean =>
    cluster.isUp(server) && cluster.state(server).role === 'leader';
  const asked = random(3) === 0 ? node : (cluster.servers.find(isLeader) ?? node);
  if (random(4) > 0) cluster.request(asked, 'put x 1');
  else cluster.request(asked, 'put x 1', 'get x', 'put y 2');
}

function operate({ cluster, random }: Run, node: NodeId): void {
  if (random(2) === 0) cluster.admin(node, { kind: 'takeSnapshot' });
  else if (cluster.servers.length > cluster.members.length) {
    const voters = cluster.servers.filter(() => random(2) === 0);
    const others = cluster.servers.filter((server) => !voters.includes(server));
    const learners = others.filter(() => random(4) === 0);
    cluster.change(node, voters, learners);
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
    const { id, stream, write: change } = ready[random(ready.length)]!;
    if (random(3) > 0) cluster.keepWrite(node, id);
    else {
      torn.add(stream);
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

function leaderOf(cluster: Cluster): NodeId | undefined {
  return cluster.servers
    .filter((node) => cluster.state(node).role === 'leader')
    .sort((a, b) => cluster.state(b).currentTerm - cluster.state(a).currentTerm)[0];
}

/** Everybody who takes part holds all that the leader holds, and nobody waits for anything. */
function isQuiet(cluster: Cluster): boolean {
  const leading = leaderOf(cluster);
  if (leading === undefined) return false;
  const { configuration, configurationIndex, membershipChange, log } = cluster.state(leading);
  if (membershipChange !== null || configurationIndex > cluster.state(leading).commitIndex) {
    return false;
  }
  return serversOf(configuration).every((node) => {
    const state = cluster.state(node);
    if (state.pendingRequests.length > 0 || state.snapshots.requests.length > 0) return false;
    return state.log.lastIndex === log.lastIndex && state.lastApplied === log.lastIndex;
  });
}

/** After healing, some elections and heartbeats must bring everybody to the same place. */
function heal(run: Run): void {
  const { cluster, checker } = run;
  for (const node of cluster.servers) {
    if (!cluster.isUp(node)) start(run, node);
    for (const id of run.untold[node]!.splice(0)) cluster.notify(node, id);
  }
  comeToRest(run);
  for (let round = 0; round < 80 && !isQuiet(cluster); round += 1) {
    const leading = leaderOf(cluster);
    if (leading === undefined) cluster.timeout(cluster.servers[round % cluster.servers.length]!);
    else {
      cluster.now += cluster.config.heartbeatMs;
      cluster.timeout(leading, 'heartbeat');
    }
    comeToRest(run);
  }
  expect(isQuiet(cluster)).toBe(true);
  checker.compareLogs(cluster);
}

function comeToRest({ cluster }: Run): void {
  cluster.settle(cluster.servers);
  for (let rounds = 0; rounds < 1000; rounds += 1) {
    const busy = cluster.servers.find((node) => cluster.state(node).isApplyTimerSet);
    if (busy === undefined) return;
    cluster.timeout(busy, 'apply');
    cluster.settle(cluster.servers);
  }
}

function drawConfig(random: Random): Partial<ServerConfig> {
  return {
    batchEntriesMax: 1 + random(3),
    inflightMax: 1 + random(3),
    backtracking: random(3) === 0 ? 'decrement' : 'conflictTerm',
    groupCommit: random(2) === 0,
    applyBatchMax: random(2) === 0 ? 1 + random(3) : 1000,
    persistCommitIndex: random(2) === 0,
    membership: random(2) === 0 ? 'joint' : 'singleServer',
    snapshotEntries: 1 + random(3),
    trailingEntries: random(3),
    snapshotChunkMax: 1 + random(5),
  };
}

describe('random schedules with snapshots', () => {
  const totals: Record<string, number> = { acknowledged: 0, changes: 0, leaders: 0 };

  for (let seed = 1; seed <= Number(process.env['CHAOS_SEEDS'] ?? 400); seed += 1) {
    it(`seed ${seed}`, () => {
      const random = randomFrom(seed);
      const cluster = new Cluster(1 + random(5), {
        spares: random(2) * (1 + random(2)),
        config: drawConfig(random),
        isStateMachineDurable: random(2) === 0,
      });
      const checker = new SnapshotChecker();
      for (const node of cluster.servers) checker.started(node);
      cluster.watch = (node) => checker.look(cluster, node);
      const untold = [0, ...cluster.servers].map(() => []);
      const run: Run = { cluster, checker, random, untold, cut: 0 };
      for (let count = 0; count < 3000; count += 1) {
        if (count % 120 === 0) run.cut = random(2) * (1 + random(cluster.servers.length));
        disturb(run);
        if (count % 50 === 0) checker.compareLogs(cluster);
      }
      heal(run);
      totals['leaders']! += checker.leaders.size;
      for (const [id, outcome] of checker.answers) {
        if (outcome === 'ok') totals[id.startsWith('a') ? 'changes' : 'acknowledged']! += 1;
      }
      for (const [name, count] of Object.entries(checker.counts)) {
        totals[name] = (totals[name] ?? 0) + count;
      }
    });
  }

  it('did something', () => {
    if (process.env['CHAOS_PRINT'] !== undefined) console.log(totals);
    for (const [name, count] of Object.entries(totals)) expect(count, name).toBeGreaterThan(100);
  });
});
