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
} as const;

const clients = between(1, 6);
/** Thousandths of the shortest election timeout, for all clients together. */
const interval = logBetween(80, 700);
const keys = between(1, 4);
const readPpm = weighted([30, 0], [70, logBetween(20_000, 500_000)]);
const batchMax = weighted([70, 1], [30, between(2, 3)]);
const timeoutTenths = logBetween(15, 60);
const hasLoss = percent(30);
const lossPpm = logBetween(1_000, 100_000);

export interface Surroundings {
  readonly cluster: ClusterPlan;
  readonly network: NetworkPlan;
  readonly disk: DiskPlan;
}

export function drawWorkload(draw: Draw, surroundings: Surroundings): WorkloadPlan {
  const { size, config } = surroundings.cluster;
  const clientCount = draw(clients);
  const intervalOfAll = Math.floor((config.electionMsMin * draw(interval) * (size + 1)) / 4);
  const keyCount = draw(keys);
  const reads = draw(readPpm);
  const batch = draw(batchMax);
  const tenths = draw(timeoutTenths);
  const [losses, lossShare] = [draw(hasLoss), draw(lossPpm)];
  return {
    clients: clientCount,
    intervalUs: intervalOfAll * clientCount,
    keys: keyCount,
    readPpm: reads,
    batchMax: batch,
    timeoutUs: Math.max(
      config.electionMsMax * 100 * tenths,
      fullQueueUs(clientCount * batch, surroundings),
    ),
    lossPpm: losses ? lossShare : 0,
    followRedirects: true,
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
  return rounds * (network.latencyUsMax * 2 + disk.latencyUsMax * 2) * 2;
}
