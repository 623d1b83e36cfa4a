/**
 * The standard load: N servers, one client command per 10 virtual ms, 2 % loss, 1 % duplicates,
 * 5-34 ms latency, a crash every 4 s, every invariant and the digest on, no trace.
 */
import type { Fault, Plan } from '../sim/kernel/plan.ts';
import { completePlan } from '../sim/load-plan.ts';

const SECOND_US = 1_000_000;
const CRASH_EVERY_US = 4 * SECOND_US;
const EVENTS_MAX = 100_000_000;

export function standardLoad(
  size: number,
  seed: number,
  virtualSeconds: number,
  withCrashes: boolean,
): Plan {
  const plan = completePlan({
    seed: `bench-${seed}`,
    cluster: {
      size,
      config: {
        electionMsMin: 150,
        electionMsMax: 300,
        heartbeatMs: 50,
        batchEntriesMax: 16,
        inflightMax: 8,
        backtracking: 'conflictTerm',
      },
    },
    network: {
      latencyUsMin: 5_000,
      latencyUsMax: 34_000,
      tailUsMax: 34_000,
      lossPpm: 20_000,
      duplicatePpm: 10_000,
    },
    disk: { latencyUsMin: 500, latencyUsMax: 2_000 },
    workload: {
      // Twenty clients, each with a command every 200 ms: one command per 10 ms in all.
      clients: 20,
      intervalUs: 200_000,
      keys: 8,
      readPpm: 200_000,
      batchMax: 1,
      timeoutUs: SECOND_US,
    },
    phases: {
      chaosUs: virtualSeconds * SECOND_US,
      core: Array.from({ length: size }, (_, i) => i + 1),
      rest: 'dead',
      inFlight: 'drop',
      trafficOperations: 0,
      settle: false,
    },
    faults: withCrashes ? crashes(size, virtualSeconds) : [],
  });
  // More than a plan file may ask for.
  return { ...plan, eventsMax: EVENTS_MAX };
}

function crashes(size: number, virtualSeconds: number): Fault[] {
  const faults: Fault[] = [];
  for (let atUs = CRASH_EVERY_US; atUs < virtualSeconds * SECOND_US; atUs += CRASH_EVERY_US) {
    const node = (faults.length % size) + 1;
    const what = { do: 'crash', node, restartUs: SECOND_US, keep: 'drawn' } as const;
    faults.push({ when: { atUs }, what });
  }
  return faults;
}
