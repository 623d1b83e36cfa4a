/**
 * The standard load with everything on: snapshots every 100 entries, pre-vote, check-quorum, reads by
 * lease, sessions, swaps, ranges and values that expire, clocks that differ, and an operator who
 * hands the reign over, takes a sixth server in and puts it out again.
 */
import type { AdminRequest } from '../core/contract.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import { standardLoad } from './standard-load.ts';

const SECOND_US = 1_000_000;
const ASKED_EVERY_US = 5 * SECOND_US;

export function featureLoad(
  size: number,
  seed: number,
  virtualSeconds: number,
  withCrashes: boolean,
): Plan {
  const plan = withSnapshots(standardLoad(size, seed, virtualSeconds, withCrashes));
  const { cluster, workload } = plan;
  return {
    ...plan,
    cluster: {
      ...cluster,
      spares: 1,
      sessionExpiryMs: 10_000,
      config: {
        ...cluster.config,
        preVote: true,
        checkQuorum: true,
        reads: 'lease',
        clockDriftPpm: 1_000,
        logTime: true,
      },
    },
    workload: { ...workload, casPpm: 200_000, ttlPpm: 100_000, rangePpm: 200_000, sessions: true },
    operators: [{ requests: requests(size, virtualSeconds), timeoutUs: ASKED_EVERY_US }],
    clocks: Array.from({ length: size }, (_, i) => {
      return { node: i + 1, offsetUs: i * 100_000, ratePpm: 200 * i, jumps: [] };
    }),
  };
}

/** A snapshot every 100 entries; 20 stay in the log behind it. */
export function withSnapshots(plan: Plan): Plan {
  const config = { ...plan.cluster.config, snapshotEntries: 100, trailingEntries: 20 };
  return {
    ...plan,
    cluster: { ...plan.cluster, config },
    disk: { ...plan.disk, snapshotUsMin: 1_000, snapshotUsMax: 5_000 },
  };
}

function requests(size: number, virtualSeconds: number): Plan['operators'][number]['requests'] {
  const voters = Array.from({ length: size }, (_, i) => i + 1);
  const asked: { atUs: number; node: number; request: AdminRequest }[] = [];
  for (let atUs = ASKED_EVERY_US; atUs < virtualSeconds * SECOND_US; atUs += ASKED_EVERY_US) {
    const turn = asked.length % 4;
    const request: AdminRequest =
      turn % 2 === 1
        ? { kind: 'transferLeadership', to: 1 + ((asked.length >> 1) % size) }
        : {
            kind: 'changeMembership',
            voters: turn === 0 ? [...voters, size + 1] : voters,
            learners: [],
          };
    asked.push({ atUs, node: 0, request });
  }
  return asked;
}
