/**
 * Random schedules as in chaos.test.ts, with operators who ask anybody for any configuration at any
 * time. CHAOS_SEEDS=20000 runs more of them.
 */
import { describe, expect, it } from 'vitest';
import { serversOf } from '../../core/configuration.ts';
import type { ServerConfig } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import { Cluster } from './cluster.ts';
import { randomFrom } from './random-from.ts';
import { SafetyChecker } from './schedule.ts';

type Random = (below: number) => number;

/** What else takes part in half of the runs. */
function drawOptions(random: Random): Partial<ServerConfig> {
  if (random(2) === 0) return {};
  return {
    preVote: random(2) === 0,
    checkQuorum: random(2) === 0,
    reads: (['log', 'readIndex', 'lease'] as const)[random(3)]!,
    snapshotEntries: random(2) * (1 + random(6)),
    trailingEntries: random(3),
    snapshotChunkMax: 1 + random(30),
  };
}

/** Some servers, at least one, and some of the others. */
function drawTarget(cluster: Cluster, random: Random): { voters: NodeId[]; learners: NodeId[] } {
  const voters = cluster.servers.filter(() => random(2) === 0);
  const others = cluster.servers.filter((node) => !voters.includes(node));
  const learners = others.filter(() => random(5) === 0);
  return voters.length === 0
    ? { voters: [cluster.servers[0]!], learners: [] }
    : { voters, learners };
}

/** One voter more or less than that of the server that is asked, or a learner. */
function drawStep(cluster: Cluster, node: NodeId, random: Random): ReturnType<typeof drawTarget> {
  const { voters } = cluster.state(node).configuration;
  const server = cluster.servers[random(cluster.servers.length)]!;
  const without = voters.filter((voter) => voter !== server);
  if (without.length < voters.length) return { voters: without, learners: [] };
  if (random(4) === 0) return { voters: [...voters], learners: [server] };
  return { voters: [...voters, server], learners: [] };
}

function ask(cluster: Cluster, node: NodeId, random: Random): void {
  const isSingle = cluster.config.membership === 'singleServer' && random(10) > 0;
  const { voters, learners } = isSingle
    ? drawStep(cluster, node, random)
    : drawTarget(cluster, random);
  cluster.change(node, voters, learners);
}

function disturb(cluster: Cluster, random: Random, checker: SafetyChecker): void {
  cluster.now += random(3);
  const node = cluster.servers[random(cluster.servers.length)]!;
  const dice = random(1000);
  if (!cluster.isUp(node)) {
    if (dice < 300) {
      checker.restarted(node);
      cluster.start(node);
    }
    return;
  }
  if (dice < 550) {
    if (cluster.network.length === 0) return;
    const at = random(cluster.network.length);
    const envelope = cluster.network[at]!;
    if (random(10) > 0) cluster.network.splice(at, 1);
    if (!cluster.isUp(envelope.to) || random(12) === 0) return;
    cluster.receive(envelope.to, envelope.from, envelope.body);
  } else if (dice < 850) {
    const ready = cluster.pendingWrites(node).filter((write) => cluster.isNext(node, write));
    if (ready.length > 0) cluster.persist(node, ready[random(ready.length)]!.id);
  } else if (dice < 890) cluster.request(node, 'put x 1');
  else if (dice < 920) ask(cluster, node, random);
  else if (dice < 965) cluster.timeout(node, 'heartbeat');
  else if (dice < 990) cluster.timeout(node);
  else if (dice < 994) {
    if (cluster.askedSnapshots(node).length > 0) cluster.deliverSnapshot(node);
  } else if (random(2) === 0) cluster.crash(node, random(cluster.pendingWrites(node).length + 1));
}

function lookAtLogs(cluster: Cluster, checker: SafetyChecker): void {
  for (const node of cluster.servers) checker.lookAtLog(cluster, node);
}

function leaderOf(cluster: Cluster): NodeId | undefined {
  return cluster.servers
    .filter((node) => cluster.state(node).role === 'leader')
    .sort((a, b) => cluster.state(b).currentTerm - cluster.state(a).currentTerm)[0];
}

/** Everybody is back, and elections and heartbeats follow until `isDone`. */
function calm(cluster: Cluster, checker: SafetyChecker, isDone: () => boolean): void {
  for (let round = 0; round < 60 && !isDone(); round += 1) {
    const leading = leaderOf(cluster);
    if (leading === undefined) {
      // Nobody is protected any more who was heard before.
      cluster.now += cluster.config.electionMsMax;
      cluster.timeout(cluster.servers[round % cluster.servers.length]!);
    } else {
      for (let beat = 0; beat < 3; beat += 1) {
        cluster.now += cluster.config.heartbeatMs;
        cluster.timeout(leading, 'heartbeat');
        cluster.settle();
      }
    }
    cluster.settle();
    lookAtLogs(cluster, checker);
  }
  expect(isDone()).toBe(true);
}

/** A leader that stands in its own configuration, which is committed and is not to change. */
function isSettled(cluster: Cluster): boolean {
  const leading = leaderOf(cluster);
  if (leading === undefined) return false;
  const { configuration, configurationIndex, commitIndex, log, membershipChange } =
    cluster.state(leading);
  return (
    membershipChange === null &&
    configurationIndex <= commitIndex &&
    commitIndex === log.lastIndex &&
    configuration.newVoters === null &&
    configuration.voters.includes(leading)
  );
}

/** Who takes part has all of the log, and so the same configuration. */
function expectAgreement(cluster: Cluster): void {
  const leader = cluster.state(leaderOf(cluster)!);
  for (const node of serversOf(leader.configuration)) {
    const { log, commitIndex, configuration } = cluster.state(node);
    expect([node, log.lastIndex, commitIndex]).toEqual([
      node,
      leader.log.lastIndex,
      leader.commitIndex,
    ]);
    expect(configuration).toEqual(leader.configuration);
  }
}

/** A server that comes in with a higher term ends the reign, but not every time. */
function changeAtLast(cluster: Cluster, checker: SafetyChecker, random: Random): void {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const leading = leaderOf(cluster)!;
    const isSingle = cluster.config.membership === 'singleServer';
    const target = isSingle ? drawStep(cluster, leading, random) : drawTarget(cluster, random);
    if (target.voters.length === 0) continue;
    const change = cluster.change(leading, target.voters, target.learners);
    calm(cluster, checker, () => checker.answers.has(change) && isSettled(cluster));
    if (checker.answers.get(change) !== 'ok') continue;
    const { voters, learners } = cluster.state(leaderOf(cluster)!).configuration;
    expect(new Set(voters)).toEqual(new Set(target.voters));
    expect(new Set(learners)).toEqual(new Set(target.learners));
    return;
  }
  expect.fail('no change was made');
}

function heal(cluster: Cluster, checker: SafetyChecker, random: Random): void {
  for (const node of cluster.servers.filter((server) => !cluster.isUp(server))) {
    checker.restarted(node);
    cluster.start(node);
  }
  cluster.settle();
  lookAtLogs(cluster, checker);
  calm(cluster, checker, () => isSettled(cluster));
  changeAtLast(cluster, checker, random);
  for (let beat = 0; beat < 3; beat += 1) {
    cluster.timeout(leaderOf(cluster)!, 'heartbeat');
    cluster.settle();
  }
  expectAgreement(cluster);
}

describe('random schedules with changes of membership', () => {
  const totals = { ok: 0, rejected: 0, unknown: 0, leaders: 0, truncations: 0 };

  for (let seed = 1; seed <= Number(process.env['CHAOS_SEEDS'] ?? 300); seed += 1) {
    it(`seed ${seed}`, () => {
      const random = randomFrom(seed);
      const size = 1 + random(5);
      const cluster = new Cluster(size, {
        spares: 1 + random(7 - size),
        config: {
          membership: random(2) === 0 ? 'joint' : 'singleServer',
          batchEntriesMax: 1 + random(3),
          inflightMax: 1 + random(3),
          groupCommit: random(4) === 0,
          ...drawOptions(random),
        },
      });
      const checker = new SafetyChecker();
      cluster.watch = (node) => checker.look(cluster, node);
      for (const node of cluster.servers) checker.restarted(node);
      for (let count = 0; count < 2000; count += 1) disturb(cluster, random, checker);
      for (const node of cluster.servers) if (cluster.isUp(node)) checker.lookAtLog(cluster, node);
      heal(cluster, checker, random);
      for (const [id, outcome] of checker.answers) {
        if (!id.startsWith('a') || outcome === 'redirect') continue;
        totals[outcome as 'ok' | 'rejected' | 'unknown'] += 1;
      }
      totals.leaders += checker.leaders.size;
      totals.truncations += checker.truncations;
    });
  }

  it('did something', () => {
    expect(totals.ok).toBeGreaterThan(500);
    expect(totals.rejected).toBeGreaterThan(500);
    expect(totals.unknown).toBeGreaterThan(50);
    expect(totals.leaders).toBeGreaterThan(500);
    expect(totals.truncations).toBeGreaterThan(100);
  });
});
