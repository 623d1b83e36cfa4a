import type { ClusterPlan, NetworkPlan } from '../kernel/plan.ts';
import { latencyUsLimit } from './cluster.ts';
import { between, type Draw, logBetween, percent, weighted } from './draw.ts';

/** What the generator does with each knob of the network. */
export const networkKnobs = {
  latencyUs:
    'Mostly a small part of a heartbeat; in 3 of 10 seeds about one, in 1 of 10 near the timeout.',
  tailPpm: 'No tails in 3 of 10 seeds; else 0.4 % to 20 % of the messages are late.',
  tailUsMax: 'From one to twenty election timeouts: messages that survive two leader changes.',
  lossPpm: 'None in 4 of 10 seeds; else 0.1 % to 15 %.',
  duplicatePpm: 'None in half of the seeds; else 0.1 % to 10 %.',
} as const;

/** Longest usual latency: percent of a heartbeat, or of the shortest election timeout. */
const latency = weighted<{ readonly of: 'heartbeat' | 'election'; readonly percent: number }>(
  [60, logBetween(2, 25).map((share) => ({ of: 'heartbeat' as const, percent: share }))],
  [30, between(25, 120).map((share) => ({ of: 'heartbeat' as const, percent: share }))],
  [10, between(25, 45).map((share) => ({ of: 'election' as const, percent: share }))],
);
const latencySpread = weighted([30, 1], [40, between(2, 4)], [30, between(5, 20)]);
const hasTail = percent(70);
const tailPpm = logBetween(4_000, 200_000);
/** Tenths of the longest election timeout. */
const tailTenths = logBetween(10, 200);
const hasLoss = percent(60);
const lossPpm = logBetween(1_000, 150_000);
const hasDuplicates = percent(50);
const duplicatePpm = logBetween(1_000, 100_000);

/** Every draw is made in every plan, so that one choice moves no later one. */
export function drawNetwork(draw: Draw, { config }: ClusterPlan): NetworkPlan {
  const { of, percent: share } = draw(latency);
  const unitMs = of === 'heartbeat' ? config.heartbeatMs : config.electionMsMin;
  const latencyUsMax = Math.min(unitMs * 10 * share, latencyUsLimit(config));
  const latencyUsMin = Math.floor(latencyUsMax / draw(latencySpread));
  const [tails, tailShare, tenths] = [draw(hasTail), draw(tailPpm), draw(tailTenths)];
  const [losses, lossShare] = [draw(hasLoss), draw(lossPpm)];
  const [duplicates, duplicateShare] = [draw(hasDuplicates), draw(duplicatePpm)];
  return {
    latencyUsMin,
    latencyUsMax,
    tailPpm: tails ? tailShare : 0,
    tailUsMax: config.electionMsMax * 100 * tenths,
    lossPpm: losses ? lossShare : 0,
    duplicatePpm: duplicates ? duplicateShare : 0,
    graveyardPpm: 0,
  };
}
