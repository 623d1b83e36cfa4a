/**
 * Random schedules with loss, duplication, any order of delivery, slow disks and crashes that keep
 * a prefix of the unfinished writes. CHAOS_SEEDS=20000 runs more of them.
 */
import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../core/messages.ts';
import { Cluster } from './cluster.ts';
import { randomFrom } from './random-from.ts';
import { SafetyChecker } from './schedule.ts';

function disturb(
  cluster: Cluster,
  random: (below: number) => number,
  checker: SafetyChecker,
): void {
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
function heal(cluster: Cluster, checker: SafetyChecker): void {
  for (const node of cluster.members.filter((member) => !cluster.isUp(member))) {
    cluster.start(node);
    checker.restarted(node);
  }
  const lookAtAll = (): void => {
    for (const node of cluster.members) {
      checker.look(cluster, node);
      checker.lookAtLog(cluster, node);
    }
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
      const checker = new SafetyChecker();
      for (const node of cluster.members) checker.restarted(node);
      for (let count = 0; count < 1500; count += 1) disturb(cluster, random, checker);
      heal(cluster, checker);
      totals.acknowledged += [...checker.answers.values()].filter(
        (answer) => answer === 'ok',
      ).length;
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
