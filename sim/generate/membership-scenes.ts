/** Two moments in a change of membership that random faults hit too rarely (§6, thesis ch. 4). */
import type { Fault, OperatorPlan, Plan } from '../kernel/plan.ts';
import { nodesOf, serversOf } from './cluster.ts';
import { between, type Draw, drawOne, drawSome } from './draw.ts';
import { cut } from './partition.ts';

/** Percent of the longest election timeout. */
const start = between(200, 400);
const jitter = between(0, 100);

/** The voters are parted, with all learners on the side of few; up to three times. */
export function drawLonelyLearners(draw: Draw, plan: Plan): Plan {
  const { cluster } = plan;
  const { size, config } = cluster;
  const voters = nodesOf(size);
  const learners = serversOf(cluster).slice(size, size + 2);
  const reads = config.reads === 'log' ? 'readIndex' : config.reads;
  const percentUs = config.electionMsMax * 10;
  const order = drawSome(draw, voters, Math.min(3, size));
  const asked: Plan['workload']['script'][number][] = [];
  const faults = order.map((leader, round): Fault => {
    const others = voters.filter((node) => node !== leader);
    const friends = drawSome(draw, others, Math.floor(size / 2) - 1);
    const atUs = percentUs * (400 + 400 * round + draw(jitter));
    const side = [leader, ...friends, ...learners];
    const links = cut(
      side,
      voters.filter((node) => !side.includes(node)),
    );
    for (let share = 60; share < 290; share += 10) {
      const node = share % 20 === 0 ? leader : drawOne(draw, others);
      asked.push({ atUs: atUs + percentUs * share, node: leader, ops: ['get x0'] });
      asked.push({ atUs: atUs + percentUs * share, node, ops: [`put x0 ${round}-${share}`] });
    }
    return { when: { atUs }, what: { do: 'block', links, forUs: percentUs * 300 } };
  });
  const request = { kind: 'changeMembership', voters, learners } as const;
  return {
    ...plan,
    cluster: { ...cluster, config: { ...config, reads } },
    workload: { ...plan.workload, keys: 1, followRedirects: false, script: asked },
    operators: [
      { requests: [{ atUs: percentUs * 150, node: 0, request }], timeoutUs: percentUs * 800 },
    ],
    faults,
  };
}

/**
 * A leader is cut off with a change that nobody else has. The next one is asked for another, while
 * what it sends gets lost: nothing of its own term is committed yet (thesis §4.1).
 */
export function drawTwoParents(draw: Draw, plan: Plan): Plan {
  const { cluster } = plan;
  const { electionMsMin, electionMsMax } = cluster.config;
  const percentUs = electionMsMax * 10;
  const voters = nodesOf(cluster.size);
  const [gone, goes] = [drawOne(draw, voters), drawOne(draw, voters)];
  const first =
    cluster.spares > 0 ? [...voters, cluster.size + 1] : voters.filter((node) => node !== gone);
  const next = voters.filter((node) => node !== goes);
  const atUs = percentUs * draw(start);
  const faults: Fault[] = [
    {
      when: { on: 'configuration', node: 0, nth: 1, count: 0 },
      what: { do: 'isolate', node: 0, direction: 'both', peers: 0, forUs: percentUs * 800 },
    },
  ];
  for (let nth = 2; nth <= 4; nth += 1) {
    faults.push({
      when: { on: 'leader', node: 0, nth, count: 0 },
      what: {
        do: 'interfere',
        node: 0,
        direction: 'out',
        kind: 'AppendEntries',
        how: 'drop',
        delayUs: 0,
        forUs: electionMsMin * 600,
      },
    });
  }
  const late = Array.from({ length: 30 }, (_, i) => {
    const askedUs = atUs + electionMsMin * 900 + percentUs * 6 * i;
    const request = { kind: 'changeMembership', voters: next, learners: [] } as const;
    return { atUs: askedUs, node: drawOne(draw, voters), request };
  });
  const request = { kind: 'changeMembership', voters: first, learners: [] } as const;
  const operators: OperatorPlan[] = [
    { requests: [{ atUs, node: 0, request }], timeoutUs: percentUs * 100 },
    { requests: late, timeoutUs: percentUs * 6 },
  ];
  const config = { ...cluster.config, membership: 'singleServer' } as const;
  return { ...plan, cluster: { ...cluster, config }, faults, operators };
}

/**
 * A server becomes a voter and does not hear of it; then as many of the others are gone for good as
 * it takes to need its vote (thesis §4.2.1).
 */
export function drawPromotedUnawares(draw: Draw, plan: Plan): Plan {
  const { cluster } = plan;
  const { size, config } = cluster;
  const percentUs = config.electionMsMax * 10;
  const voters = nodesOf(size);
  const promoted = size + 1;
  const gone = drawSome(draw, voters, Math.floor(size / 2));
  const atUs = percentUs * draw(start);
  const faults = gone.map((node): Fault => {
    const when = { atUs: atUs + percentUs * 600 };
    return { when, what: { do: 'crash', node, restartUs: null, keep: 'all' } };
  });
  faults.push({
    when: { on: 'configuration', node: 0, nth: 2, count: 0 },
    what: { do: 'isolate', node: promoted, direction: 'both', peers: 0, forUs: null },
  });
  const kind = 'changeMembership';
  const requests: OperatorPlan['requests'] = [
    { atUs, node: 0, request: { kind, voters, learners: [promoted] } },
    {
      atUs: atUs + percentUs * 300,
      node: 0,
      request: { kind, voters: [...voters, promoted], learners: [] },
    },
  ];
  return {
    ...plan,
    cluster: { ...cluster, config: { ...config, membership: 'singleServer' } },
    operators: [{ requests, timeoutUs: percentUs * 250 }],
    faults,
    phases: { ...plan.phases, core: serversOf(cluster).filter((node) => !gone.includes(node)) },
  };
}
