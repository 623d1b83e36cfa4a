/** Spare servers, and the people who change the cluster while it runs. */
import type { AdminRequest } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import type { ClusterPlan, Fault, OperatorPlan, PhasesPlan } from '../kernel/plan.ts';
import { serversOf } from './cluster.ts';
import { between, type Draw, drawOne, drawSome, logBetween, percent, weighted } from './draw.ts';
import type { Feature, FeatureTables } from './features.ts';

/** What the generator does with operators and spare servers. */
export const operatorsKnobs = {
  spares: 'One to three where the membership changes, as far as seven servers in all allow.',
  operators: 'One, or in every fourth case two who know nothing of each other.',
  requests: 'One to five each, anywhere in the chaos phase.',
  changeMembership:
    'Adds, removes or swaps one to three servers of what the operator takes for the voters; one at a time where only that is allowed.',
  learners: 'In every fifth change some server that does not vote.',
  transferLeadership: 'To any server.',
  takeSnapshot: 'Of any server.',
  wipe: 'In every tenth case a server loses its disk for good, and an operator puts a spare in its place.',
} as const;

const spareCount = weighted([50, 1], [35, 2], [15, 3]);
const isTwo = percent(25);
const requestCount = between(1, 5);
const changes = weighted([70, 1], [20, 2], [10, 3]);
const isAddition = percent(50);
const isSwap = percent(40);
const hasLearner = percent(20);
/** Parts of a thousand of the chaos phase. */
const moment = between(0, 900);
/** Percent of the longest election timeout. */
const patience = logBetween(300, 3_000);
const asksAnyone = percent(70);

/** So many spare servers: one draw, used or not. */
export function drawSpares(draw: Draw, features: ReadonlySet<Feature>, size: number): number {
  const wanted = draw(spareCount);
  return features.has('membership') ? Math.min(wanted, 7 - size) : 0;
}

interface Change {
  readonly operators: readonly OperatorPlan[];
  /** A wiped server, which is not healed. */
  readonly faults: readonly Fault[];
  readonly wiped: NodeId;
}

export function drawOperators(
  draw: Draw,
  { hasWipe }: FeatureTables,
  features: ReadonlySet<Feature>,
  { cluster, phases }: { cluster: ClusterPlan; phases: PhasesPlan },
): Change {
  const kinds = kindsOf(features);
  if (kinds.length === 0) return { operators: [], faults: [], wiped: 0 };
  const isWiping =
    draw(hasWipe) && features.has('membership') && cluster.size >= 3 && cluster.spares > 0;
  if (isWiping) return replaceWiped(draw, cluster, phases);
  const count = draw(isTwo) ? 2 : 1;
  const operators = Array.from({ length: count }, () => drawOperator(draw, kinds, cluster, phases));
  return { operators, faults: [], wiped: 0 };
}

type RequestKind = AdminRequest['kind'];

function kindsOf(features: ReadonlySet<Feature>): RequestKind[] {
  const kinds: RequestKind[] = [];
  if (features.has('membership')) kinds.push('changeMembership', 'changeMembership');
  if (features.has('transfer')) kinds.push('transferLeadership');
  if (features.has('snapshots')) kinds.push('takeSnapshot');
  return kinds;
}

function drawOperator(
  draw: Draw,
  kinds: readonly RequestKind[],
  cluster: ClusterPlan,
  phases: PhasesPlan,
): OperatorPlan {
  const servers = serversOf(cluster);
  const momentsUs = Array.from({ length: draw(requestCount) }, () => momentUs(draw, phases));
  let voters: readonly NodeId[] = servers.slice(0, cluster.size);
  const requests = momentsUs
    .sort((a, b) => a - b)
    .map((atUs) => {
      const anyone = drawOne(draw, servers);
      const node = draw(asksAnyone) ? 0 : anyone;
      const request = drawRequest(draw, drawOne(draw, kinds), voters, cluster);
      if (request.kind === 'changeMembership') voters = request.voters;
      return { atUs, node, request };
    });
  return { requests, timeoutUs: patienceUs(draw, cluster) };
}

function drawRequest(
  draw: Draw,
  kind: RequestKind,
  voters: readonly NodeId[],
  cluster: ClusterPlan,
): AdminRequest {
  const to = drawOne(draw, serversOf(cluster));
  switch (kind) {
    case 'transferLeadership':
      return { kind, to };
    case 'takeSnapshot':
      return { kind };
    case 'changeMembership':
      return drawChange(draw, voters, cluster);
  }
}

function drawChange(draw: Draw, voters: readonly NodeId[], cluster: ClusterPlan): AdminRequest {
  const servers = serversOf(cluster);
  const others = servers.filter((node) => !voters.includes(node));
  const isOneByOne = cluster.config.membership === 'singleServer';
  const wanted = draw(changes);
  const [isAdding, isSwapping, isLearning] = [draw(isAddition), draw(isSwap), draw(hasLearner)];
  const count = isOneByOne ? 1 : wanted;
  const adds = isAdding || voters.length === 1 || (isSwapping && !isOneByOne);
  const added = drawSome(draw, others, adds ? Math.min(count, others.length) : 0);
  const removes = added.length === 0 || (isSwapping && !isOneByOne);
  const removed = drawSome(draw, voters, removes ? Math.min(count, voters.length - 1) : 0);
  const next = servers.filter(
    (node) => added.includes(node) || (voters.includes(node) && !removed.includes(node)),
  );
  const rest = servers.filter((node) => !next.includes(node));
  const learners = drawSome(draw, rest, isLearning ? Math.min(1, rest.length) : 0);
  return { kind: 'changeMembership', voters: next, learners };
}

/** A server and its disk are gone: its id is never used again, a spare takes its place. */
function replaceWiped(draw: Draw, cluster: ClusterPlan, phases: PhasesPlan): Change {
  const servers = serversOf(cluster);
  const members = servers.slice(0, cluster.size);
  const wiped = drawOne(draw, members);
  const atUs = momentUs(draw, phases);
  const left = members.filter((node) => node !== wiped);
  const both = [...left, cluster.size + 1];
  const steps = cluster.config.membership === 'joint' ? [both] : [left, both];
  const requests = steps.map((voters) => {
    const request = { kind: 'changeMembership', voters, learners: [] } as const;
    return { atUs, node: 0, request };
  });
  return {
    operators: [{ requests, timeoutUs: patienceUs(draw, cluster) }],
    faults: [{ when: { atUs }, what: { do: 'wipe', node: wiped } }],
    wiped,
  };
}

function momentUs(draw: Draw, { chaosUs }: PhasesPlan): number {
  return Math.floor(chaosUs / 1_000) * draw(moment);
}

function patienceUs(draw: Draw, { config }: ClusterPlan): number {
  return config.electionMsMax * 10 * draw(patience);
}
