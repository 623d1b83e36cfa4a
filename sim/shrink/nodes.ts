/** Smaller clusters: servers are taken out, and the others move up. */
import type { AdminRequest } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import type { Fault, FaultAction, OperatorPlan, Plan } from '../kernel/plan.ts';

/**
 * The plan without these servers and all that is about them, spare ones among them; at least one
 * server of the first configuration stays. What operators ask for is asked without them.
 */
export function withoutNodes(plan: Plan, gone: readonly NodeId[]): Plan {
  const { cluster } = plan;
  const goneSpares = gone.filter((node) => node > cluster.size).length;
  const size = cluster.size - (gone.length - goneSpares);
  const spares = cluster.spares - goneSpares;
  const moved = new Map<NodeId, NodeId>([[0, 0]]);
  for (let node = 1, next = 1; node <= serverCount(plan); node += 1) {
    if (gone.includes(node)) continue;
    moved.set(node, next);
    next += 1;
  }
  const stays = ({ node }: { readonly node: NodeId }): boolean => moved.has(node);
  const move = <T extends { readonly node: NodeId }>(item: T): T => ({
    ...item,
    node: moved.get(item.node)!,
  });
  const decisions = plan.decisions.filter(
    ({ match }) => moved.has(match.from) && moved.has(match.to),
  );
  return {
    ...plan,
    cluster: { ...cluster, size, spares },
    phases: {
      ...plan.phases,
      core: plan.phases.core.filter((node) => moved.has(node)).map((node) => moved.get(node)!),
    },
    workload: { ...plan.workload, script: plan.workload.script.filter(stays).map(move) },
    faults: plan.faults.flatMap((fault) => movedFault(fault, moved, size + spares)),
    decisions: decisions.map((decision) => ({
      ...decision,
      match: {
        ...decision.match,
        from: moved.get(decision.match.from)!,
        to: moved.get(decision.match.to)!,
      },
    })),
    timers: plan.timers.filter(stays).map(move),
    operators: plan.operators.flatMap((operator) => movedOperator(operator, moved)),
    clocks: plan.clocks.filter(stays).map(move),
    images: plan.images.filter(stays).map((image) => ({
      ...move(image),
      votedFor: moved.get(image.votedFor) ?? 0,
    })),
  };
}

/** Servers in all, spares included. */
export function serverCount({ cluster }: Plan): number {
  return cluster.size + cluster.spares;
}

/** Nothing when nothing is left to ask for. */
function movedOperator(
  { requests, timeoutUs }: OperatorPlan,
  moved: ReadonlyMap<NodeId, NodeId>,
): OperatorPlan[] {
  const kept = requests.flatMap(({ atUs, node, request }) => {
    const wish = movedWish(request, moved);
    return wish === null ? [] : [{ atUs, node: moved.get(node) ?? 0, request: wish }];
  });
  return kept.length === 0 ? [] : [{ requests: kept, timeoutUs }];
}

function movedWish(request: AdminRequest, moved: ReadonlyMap<NodeId, NodeId>): AdminRequest | null {
  const stayOf = (nodes: readonly NodeId[]) => nodes.flatMap((node) => moved.get(node) ?? []);
  switch (request.kind) {
    case 'changeMembership': {
      const voters = stayOf(request.voters);
      if (voters.length === 0) return null;
      return { ...request, voters, learners: stayOf(request.learners) };
    }
    case 'transferLeadership': {
      const to = moved.get(request.to);
      return to === undefined ? null : { ...request, to };
    }
    case 'takeSnapshot':
      return request;
  }
}

/** Nothing when the fault is about a server that is gone. */
function movedFault(fault: Fault, moved: ReadonlyMap<NodeId, NodeId>, size: number): Fault[] {
  const { when } = fault;
  const what = movedAction(fault.what, moved, size);
  if (what === null) return [];
  if ('atUs' in when) return [{ when, what }];
  const node = moved.get(when.node);
  return node === undefined ? [] : [{ when: { ...when, node }, what }];
}

function movedAction(
  what: FaultAction,
  moved: ReadonlyMap<NodeId, NodeId>,
  size: number,
): FaultAction | null {
  if (what.do === 'block') {
    const links = what.links.flatMap(([from, to]): [NodeId, NodeId][] => {
      const ends = [moved.get(from), moved.get(to)] as const;
      return ends[0] === undefined || ends[1] === undefined ? [] : [[ends[0], ends[1]]];
    });
    return links.length === 0 ? null : { ...what, links };
  }
  if (!('node' in what)) return what;
  const node = moved.get(what.node);
  if (node === undefined) return null;
  if (what.do !== 'isolate') return { ...what, node };
  return { ...what, node, peers: Math.min(what.peers, size - 1) };
}

/** Every choice of `count` of the servers 1 … size, the highest numbers first. */
export function* choices(size: number, count: number): Generator<NodeId[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (let highest = size; highest >= count; highest -= 1) {
    for (const rest of choices(highest - 1, count - 1)) yield [highest, ...rest];
  }
}
