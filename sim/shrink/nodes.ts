/** Smaller clusters: servers are taken out, and the others move up. */
import type { NodeId } from '../../core/messages.ts';
import type { Fault, FaultAction, Plan } from '../kernel/plan.ts';

/** The plan without these servers and all that is about them; at least one server stays. */
export function withoutNodes(plan: Plan, gone: readonly NodeId[]): Plan {
  const size = plan.cluster.size - gone.length;
  const moved = new Map<NodeId, NodeId>([[0, 0]]);
  for (let node = 1, next = 1; node <= plan.cluster.size; node += 1) {
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
    cluster: { ...plan.cluster, size },
    phases: {
      ...plan.phases,
      core: plan.phases.core.filter((node) => moved.has(node)).map((node) => moved.get(node)!),
    },
    workload: { ...plan.workload, script: plan.workload.script.filter(stays).map(move) },
    faults: plan.faults.flatMap((fault) => movedFault(fault, moved, size)),
    decisions: decisions.map((decision) => ({
      ...decision,
      match: {
        ...decision.match,
        from: moved.get(decision.match.from)!,
        to: moved.get(decision.match.to)!,
      },
    })),
    timers: plan.timers.filter(stays).map(move),
    images: plan.images.filter(stays).map((image) => ({
      ...move(image),
      votedFor: moved.get(image.votedFor) ?? 0,
    })),
  };
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
