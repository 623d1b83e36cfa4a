/** What the self-test of an adapter runs: three servers on a calm network, scaled by their timers. */
import type { ServerConfig } from '../../core/contract.ts';
import type { Fault, Plan } from '../kernel/plan.ts';
import type { Capabilities } from '../protocol/capabilities.ts';
import { VERSIONS } from '../versions.ts';

/** The whole cluster goes down after so many election timeouts, and comes up again. */
const CRASH_AFTER = 8;
const CHAOS = 12;

/** `crashes`: all servers lose their power once, with all that they have written on disk. */
export function selfTestPlan(capabilities: Capabilities, crashes: boolean): Plan {
  const timeoutUs = capabilities.electionMs[1] * 1000;
  const heartbeatUs = capabilities.heartbeatMs * 1000;
  const nodes = [1, 2, 3];
  const crash = (node: number): Fault => ({
    when: { atUs: CRASH_AFTER * timeoutUs },
    what: { do: 'crash', node, restartUs: heartbeatUs, keep: 'all' },
  });
  return {
    versions: VERSIONS,
    seed: 'self-test',
    cluster: {
      size: 3,
      spares: 0,
      config: configOf(capabilities),
      stateMachine: 'volatile',
      restartAfterHaltUs: null,
      sessionExpiryMs: 0,
    },
    network: {
      latencyUsMin: Math.ceil(heartbeatUs / 50),
      latencyUsMax: Math.ceil(heartbeatUs / 20),
      tailPpm: 0,
      tailUsMax: 0,
      lossPpm: 0,
      duplicatePpm: 0,
      graveyardPpm: 0,
    },
    disk: {
      latencyUsMin: Math.ceil(heartbeatUs / 100),
      latencyUsMax: Math.ceil(heartbeatUs / 50),
      noticeUsMax: 0,
      failPpm: 0,
      snapshotUsMin: 0,
      snapshotUsMax: heartbeatUs,
    },
    workload: {
      clients: 2,
      intervalUs: heartbeatUs,
      keys: 2,
      readPpm: 0,
      casPpm: 0,
      ttlPpm: 0,
      rangePpm: 0,
      sessions: false,
      batchMax: 1,
      timeoutUs: 4 * timeoutUs,
      lossPpm: 0,
      followRedirects: true,
      script: [],
    },
    phases: {
      chaosUs: CHAOS * timeoutUs,
      core: nodes,
      rest: 'dead',
      inFlight: 'hurry',
      trafficOperations: 0,
      settle: false,
    },
    faults: crashes ? nodes.map(crash) : [],
    decisions: [],
    timers: [],
    operators: [],
    clocks: [],
    images: [],
    eventsMax: 100_000,
  };
}

function configOf(capabilities: Capabilities): ServerConfig {
  const [electionMsMin, electionMsMax] = capabilities.electionMs;
  return {
    electionMsMin,
    electionMsMax,
    heartbeatMs: capabilities.heartbeatMs,
    batchEntriesMax: 64,
    inflightMax: 16,
    backtracking: 'conflictTerm',
    groupCommit: false,
    applyBatchMax: 1_000_000,
    persistCommitIndex: false,
    preVote: capabilities.preVote,
    checkQuorum: capabilities.checkQuorum,
    reads: capabilities.reads === 'none' ? 'log' : capabilities.reads,
    clockDriftPpm: 0,
    membership: capabilities.membership === 'single' ? 'singleServer' : 'joint',
    snapshotEntries: 0,
    trailingEntries: 0,
    snapshotChunkMax: 1_000_000,
    logTime: false,
  };
}
