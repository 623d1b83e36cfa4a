import type fc from 'fast-check';
import type { ClusterPlan, DiskPlan, NetworkPlan, WorkloadPlan } from '../kernel/plan.ts';
import { between, type Draw, logBetween, percent, weighted } from './draw.ts';

/** What the generator does with each knob of the clients. */
export const workloadKnobs = {
  clients: '1 to 6 at once.',
  intervalUs:
    'For three servers and all clients together a twelfth to two thirds of the shortest election timeout; longer for more servers, since each command costs more events.',
  keys: '1 to 4, so that clients meet.',
  readPpm: 'Writes only in 3 of 10 seeds; else up to half of the operations are reads.',
  batchMax: '1 in 7 of 10 seeds, else 2 or 3.',
  timeoutUs: 'One and a half to six of the longest election timeouts, and enough for a full queue.',
  lossPpm: 'None in 7 of 10 seeds; else up to 10 % of requests and answers get lost.',
  followRedirects: 'In 3 of 4 seeds; else clients ask anybody, and deposed leaders get commands.',
} as const;

/** What clients are drawn from. */
export interface WorkloadTables {
  readonly clients: fc.Arbitrary<number>;
  /** Thousandths of the shortest election timeout, for all clients together. */
  readonly interval: fc.Arbitrary<number>;
  readonly keys: fc.Arbitrary<number>;
  readonly readPpm: fc.Arbitrary<number>;
  readonly batchMax: fc.Arbitrary<number>;
  /** Tenths of the longest election timeout. */
  readonly timeoutTenths: fc.Arbitrary<number>;
  readonly hasLoss: fc.Arbitrary<boolean>;
  readonly lossPpm: fc.Arbitrary<number>;
  readonly followRedirects: fc.Arbitrary<boolean>;
}

export const workloadTables: WorkloadTables = {
  clients: between(1, 6),
  interval: logBetween(80, 700),
  keys: between(1, 4),
  readPpm: weighted([30, 0], [70, logBetween(20_000, 500_000)]),
  batchMax: weighted([70, 1], [30, between(2, 3)]),
  timeoutTenths: logBetween(15, 60),
  hasLoss: percent(30),
  lossPpm: logBetween(1_000, 100_000),
  followRedirects: percent(75),
};

export interface Surroundings {
  readonly cluster: ClusterPlan;
  readonly network: NetworkPlan;
  readonly disk: DiskPlan;
}

export function drawWorkload(
  draw: Draw,
  tables: WorkloadTables,
  surroundings: Surroundings,
): WorkloadPlan {
  const { size, config } = surroundings.cluster;
  const clientCount = draw(tables.clients);
  const intervalOfAll = Math.floor((config.electionMsMin * draw(tables.interval) * (size + 1)) / 4);
  const keyCount = draw(tables.keys);
  const reads = draw(tables.readPpm);
  const batch = draw(tables.batchMax);
  const tenths = draw(tables.timeoutTenths);
  const [losses, lossShare] = [draw(tables.hasLoss), draw(tables.lossPpm)];
  return {
    clients: clientCount,
    intervalUs: intervalOfAll * clientCount,
    keys: keyCount,
    readPpm: reads,
    casPpm: 0,
    ttlPpm: 0,
    rangePpm: 0,
    sessions: false,
    batchMax: batch,
    timeoutUs: Math.max(
      config.electionMsMax * 100 * tenths,
      fullQueueUs(clientCount * batch, surroundings),
    ),
    lossPpm: losses ? lossShare : 0,
    followRedirects: draw(tables.followRedirects),
    script: [],
  };
}

/**
 * Twice the time in which a calm cluster commits this many commands: clients that stop waiting
 * earlier, and come with new commands, never see one done.
 */
function fullQueueUs(commands: number, { cluster, network, disk }: Surroundings): number {
  const { batchEntriesMax, inflightMax } = cluster.config;
  const rounds = Math.ceil(commands / (batchEntriesMax * inflightMax)) + 1;
  const writeUs = disk.latencyUsMax + disk.noticeUsMax;
  return rounds * (network.latencyUsMax * 2 + writeUs * 2) * 2;
}
