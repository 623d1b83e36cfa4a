/** Which of the larger parts of Raft a plan turns on, however it came about. */
import type { Feature } from './generate/features.ts';
import type { Plan } from './kernel/plan.ts';

export function featuresOf(plan: Plan): Feature[] {
  const { config } = plan.cluster;
  const { sessions, casPpm, ttlPpm, rangePpm } = plan.workload;
  const asks = (kind: string): boolean => {
    return plan.operators.some(({ requests }) =>
      requests.some(({ request }) => request.kind === kind),
    );
  };
  const isOn: Readonly<Record<Feature, boolean>> = {
    snapshots: config.snapshotEntries > 0 || asks('takeSnapshot'),
    membership: asks('changeMembership'),
    preVote: config.preVote,
    checkQuorum: config.checkQuorum,
    transfer: asks('transferLeadership'),
    readIndex: config.reads === 'readIndex',
    lease: config.reads === 'lease',
    sessions,
    operations: casPpm + ttlPpm + rangePpm > 0,
    clocks: plan.clocks.length > 0,
  };
  return (Object.keys(isOn) as Feature[]).filter((feature) => isOn[feature]);
}
