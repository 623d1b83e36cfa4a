import type { ClusterPlan, WorkloadPlan } from '../kernel/plan.ts';
import { between, type Draw, logBetween, percent, weighted } from './draw.ts';

/** What the generator does with each knob of the clients. */
export const workloadKnobs = {
  clients: '1 to 6 at once.',
  intervalUs: 'For all clients together a twelfth to a half of the shortest election timeout.',
  keys: '1 to 4, so that clients meet.',
  readPpm: 'Writes only in 3 of 10 seeds; else up to half of the operations are reads.',
  batchMax: '1 in 7 of 10 seeds, else 2 or 3.',
  timeoutUs: 'One to six of the longest election timeouts.',
  lossPpm: 'None in 7 of 10 seeds; else up to 10 % of requests and answers get lost.',
} as const;

const clients = between(1, 6);
/** Thousandths of the shortest election timeout, for all clients together. */
const interval = logBetween(80, 500);
const keys = between(1, 4);
const readPpm = weighted([30, 0], [70, logBetween(20_000, 500_000)]);
const batchMax = weighted([70, 1], [30, between(2, 3)]);
const timeoutTenths = between(10, 60);
const hasLoss = percent(30);
const lossPpm = logBetween(1_000, 100_000);

export function drawWorkload(draw: Draw, { config }: ClusterPlan): WorkloadPlan {
  const clientCount = draw(clients);
  const intervalOfAll = config.electionMsMin * draw(interval);
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
    timeoutUs: config.electionMsMax * 100 * tenths,
    lossPpm: losses ? lossShare : 0,
    script: [],
  };
}
