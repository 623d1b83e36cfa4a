/**
 * A leader is cut off and asked for what it holds, while the others elect another one and write. An
 * answer that is older than these writes is what read rounds and leases are there to prevent, and
 * between the end of a promise and the end of a lease lie some milliseconds only: requests come in
 * that time, to both sides (thesis §6.4).
 */
import type { NodeId } from '../../core/messages.ts';
import type {
  ClockPlan,
  ClusterPlan,
  Fault,
  NetworkPlan,
  OperatorPlan,
  Plan,
} from '../kernel/plan.ts';
import { nodesOf, serversOf } from './cluster.ts';
import { between, type Draw, drawOne, logBetween, percent } from './draw.ts';

type Scripted = Plan['workload']['script'][number];
type Asked = OperatorPlan['requests'][number];

const hasClocks = percent(35);
const isPaused = percent(30);
const hasLateAnswers = percent(35);
const hasLateTransfer = percent(35);
/** Parts in a million: a lease without a margin then ends long behind the promise of the others. */
const DRIFT_PPM = 150_000;
/** Percent of the longest election timeout. */
const pauseLength = between(60, 98);
const transferDelay = between(105, 150);
/** Percent of the shortest election timeout. */
const answerDelay = logBetween(30, 200);
/** Percent of the longest election timeout: when the leader is cut off. */
const CUTS = [450, 950, 1_450] as const;
const CUT_LENGTH = 150;
/** So many times in the shortest election timeout both sides are asked. */
const ASKED = 30;
const PUTS = 2;

interface Round {
  readonly leader: NodeId;
  readonly others: readonly NodeId[];
  readonly cutUs: number;
}

export function drawStaleReads(draw: Draw, plan: Plan): Plan {
  const isLease = plan.cluster.config.reads === 'lease';
  const [apart, paused] = [draw(hasClocks) && isLease, draw(isPaused)];
  const [late, transfers] = [draw(hasLateAnswers), draw(hasLateTransfer) && isLease];
  const cluster = apart ? closeTimeouts(plan.cluster) : plan.cluster;
  const leader = drawOne(draw, nodesOf(cluster.size));
  const others = nodesOf(cluster.size).filter((node) => node !== leader);
  const percentUs = cluster.config.electionMsMax * 10;
  const faults: Fault[] = [];
  const requests: Asked[] = [];
  const script: Scripted[] = [];
  for (const share of CUTS) {
    const round = { leader, others, cutUs: share * percentUs };
    const isLate = transfers && !apart;
    if (isLate) handOver(draw, round, cluster, faults, requests);
    else requests.push(transfer(round.cutUs - 140 * percentUs, 0, leader));
    const trouble = { paused: paused && !apart, late: late && !apart };
    faults.push(...troubles(draw, round, cluster, trouble));
    script.push(...ask(draw, round, cluster, isLate));
  }
  return {
    ...plan,
    cluster,
    ...(apart ? { clocks: apartClocks(leader, cluster) } : {}),
    network: quickNetwork(plan),
    disk: apart
      ? { ...plan.disk, latencyUsMin: 200, latencyUsMax: 500, noticeUsMax: 0 }
      : plan.disk,
    workload: { ...plan.workload, keys: 1, followRedirects: false, script },
    operators: [{ requests, timeoutUs: 70 * percentUs }],
    faults,
  };
}

/** Who comes first, comes soon: while a lease that is too long still runs. */
function closeTimeouts(cluster: ClusterPlan): ClusterPlan {
  const { electionMsMin } = cluster.config;
  const electionMsMax = electionMsMin + Math.ceil(electionMsMin / 7);
  const config = { ...cluster.config, electionMsMax, clockDriftPpm: DRIFT_PPM };
  return { ...cluster, config };
}

function quickNetwork({ network, cluster }: Plan): NetworkPlan {
  const latencyUsMax = Math.min(network.latencyUsMax, cluster.config.heartbeatMs * 40);
  return {
    ...network,
    latencyUsMax,
    latencyUsMin: Math.min(network.latencyUsMin, latencyUsMax),
  };
}

function transfer(atUs: number, node: NodeId, to: NodeId): Asked {
  return { atUs, node, request: { kind: 'transferLeadership', to } };
}

/** The leader's clock is slow, all others are fast. */
function apartClocks(leader: NodeId, cluster: ClusterPlan): ClockPlan[] {
  return serversOf(cluster).map((node) => {
    return { node, offsetUs: 0, ratePpm: node === leader ? -DRIFT_PPM : DRIFT_PPM, jumps: [] };
  });
}

/** Another server is asked to stand, and hears of it when the leader has given that up. */
function handOver(
  draw: Draw,
  { leader, others, cutUs }: Round,
  { config }: ClusterPlan,
  faults: Fault[],
  requests: Asked[],
): void {
  const percentUs = config.electionMsMax * 10;
  const delayUs = draw(transferDelay) * percentUs;
  const askedUs = cutUs - delayUs;
  const to = drawOne(draw, others);
  requests.push(transfer(askedUs - 140 * percentUs, 0, leader), transfer(askedUs, leader, to));
  const what = {
    do: 'interfere',
    node: leader,
    direction: 'out',
    kind: 'TimeoutNow',
    how: 'delay',
    delayUs,
    forUs: 100 * percentUs,
  } as const;
  faults.push({ when: { atUs: askedUs }, what });
}

function troubles(
  draw: Draw,
  { leader, cutUs }: Round,
  { config }: ClusterPlan,
  { paused, late }: { readonly paused: boolean; readonly late: boolean },
): Fault[] {
  const { electionMsMin, electionMsMax, heartbeatMs } = config;
  const forUs = electionMsMax * 10 * CUT_LENGTH;
  const pauseUs = electionMsMax * 10 * draw(pauseLength);
  const delayUs = electionMsMin * 10 * draw(answerDelay);
  const faults: Fault[] = [];
  if (late) {
    const what = {
      do: 'interfere',
      node: leader,
      direction: 'in',
      kind: 'AppendEntriesResponse',
      how: 'delay',
      delayUs,
      forUs: heartbeatMs * 1_200,
    } as const;
    faults.push({ when: { atUs: cutUs - heartbeatMs * 1_200 }, what });
  }
  const when = { atUs: cutUs };
  faults.push({ when, what: { do: 'isolate', node: leader, direction: 'both', peers: 0, forUs } });
  if (paused) faults.push({ when, what: { do: 'pause', node: leader, forUs: pauseUs } });
  return faults;
}

/** Reads at the old leader, writes anywhere else: some of them reach the new one. */
function ask(
  draw: Draw,
  { leader, others, cutUs }: Round,
  { config }: ClusterPlan,
  soon: boolean,
): Scripted[] {
  const { electionMsMin, electionMsMax } = config;
  const gapUs = Math.floor((electionMsMin * 1_000) / ASKED);
  const fromUs = cutUs + (soon ? 0 : electionMsMin * 700);
  const untilUs = cutUs + (soon ? electionMsMin * 1_000 : electionMsMax * 1_200);
  const asked: Scripted[] = [];
  for (let atUs = fromUs, nth = 0; atUs < untilUs; atUs += gapUs, nth += 1) {
    for (let i = 0; i < PUTS; i += 1) {
      asked.push({ atUs, node: drawOne(draw, others), ops: [`put x0 ${cutUs}-${nth}-${i}`] });
    }
    asked.push({ atUs: atUs + Math.floor(gapUs / 2), node: leader, ops: ['get x0'] });
  }
  return asked;
}
