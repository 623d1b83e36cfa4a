/**
 * A server is asked to stand, and hears of it when the leader has given that up and gone on without
 * it (thesis §3.10).
 */
import type { Fault, OperatorPlan, Plan } from '../kernel/plan.ts';
import { nodesOf } from './cluster.ts';
import { between, type Draw, drawOrder } from './draw.ts';

/** Percent of the longest election timeout. */
const jitter = between(0, 100);
const late = between(125, 160);

export function drawOvertakenTarget(draw: Draw, plan: Plan): Plan {
  const { cluster } = plan;
  const percentUs = cluster.config.electionMsMax * 10;
  const nodes = nodesOf(cluster.size);
  const faults: Fault[] = [];
  const requests: OperatorPlan['requests'][number][] = [];
  const asked: Plan['workload']['script'][number][] = [];
  for (const share of [300, 700, 1_100]) {
    const [leader, to] = drawOrder(draw, nodes);
    const atUs = percentUs * (share + draw(jitter));
    const delayUs = percentUs * draw(late);
    requests.push({ atUs, node: leader!, request: { kind: 'transferLeadership', to: to! } });
    faults.push({
      when: { atUs },
      what: {
        do: 'interfere',
        node: to!,
        direction: 'in',
        kind: 'TimeoutNow',
        how: 'delay',
        delayUs,
        forUs: percentUs * 100,
      },
    });
    const cutUs = atUs + percentUs * 102;
    faults.push({
      when: { atUs: cutUs },
      what: {
        do: 'isolate',
        node: to!,
        direction: 'both',
        peers: 0,
        forUs: atUs + delayUs - cutUs,
      },
    });
    for (let i = 0; i < 6; i += 1) {
      const askedUs = cutUs + percentUs * 4 * i;
      for (const node of nodes) asked.push({ atUs: askedUs, node, ops: [`put x0 ${share}-${i}`] });
    }
  }
  return {
    ...plan,
    workload: { ...plan.workload, script: asked },
    operators: [{ requests, timeoutUs: percentUs * 80 }],
    faults,
  };
}
