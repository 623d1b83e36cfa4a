import type fc from 'fast-check';
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
  graveyardPpm:
    'None in 6 of 10 seeds; else an old message comes again with 0.2 % to 10 % of them.',
} as const;

/** A share of a heartbeat, or of the shortest election timeout. */
export interface Latency {
  readonly of: 'heartbeat' | 'election';
  readonly percent: number;
}

/** What a network is drawn from. */
export interface NetworkTables {
  /** Longest usual latency. */
  readonly latency: fc.Arbitrary<Latency>;
  /** The longest over the shortest usual latency. */
  readonly latencySpread: fc.Arbitrary<number>;
  readonly hasTail: fc.Arbitrary<boolean>;
  readonly tailPpm: fc.Arbitrary<number>;
  /** Tenths of the longest election timeout. */
  readonly tailTenths: fc.Arbitrary<number>;
  readonly hasLoss: fc.Arbitrary<boolean>;
  readonly lossPpm: fc.Arbitrary<number>;
  readonly hasDuplicates: fc.Arbitrary<boolean>;
  readonly duplicatePpm: fc.Arbitrary<number>;
  readonly hasGraveyard: fc.Arbitrary<boolean>;
  readonly graveyardPpm: fc.Arbitrary<number>;
}

export const networkTables: NetworkTables = {
  latency: weighted<Latency>(
    [60, logBetween(2, 25).map((share) => ({ of: 'heartbeat', percent: share }))],
    [30, between(25, 120).map((share) => ({ of: 'heartbeat', percent: share }))],
    [10, between(25, 45).map((share) => ({ of: 'election', percent: share }))],
  ),
  latencySpread: weighted([30, 1], [40, between(2, 4)], [30, between(5, 20)]),
  hasTail: percent(70),
  tailPpm: logBetween(4_000, 200_000),
  tailTenths: logBetween(10, 200),
  hasLoss: percent(60),
  lossPpm: logBetween(1_000, 150_000),
  hasDuplicates: percent(50),
  duplicatePpm: logBetween(1_000, 100_000),
  hasGraveyard: percent(40),
  graveyardPpm: logBetween(2_000, 100_000),
};

/** Every draw is made in every plan, so that one choice moves no later one. */
export function drawNetwork(
  draw: Draw,
  tables: NetworkTables,
  { config }: ClusterPlan,
): NetworkPlan {
  const { of, percent: share } = draw(tables.latency);
  const unitMs = of === 'heartbeat' ? config.heartbeatMs : config.electionMsMin;
  const latencyUsMax = Math.min(unitMs * 10 * share, latencyUsLimit(config));
  const latencyUsMin = Math.floor(latencyUsMax / draw(tables.latencySpread));
  const [tails, tailShare] = [draw(tables.hasTail), draw(tables.tailPpm)];
  const tenths = draw(tables.tailTenths);
  const [losses, lossShare] = [draw(tables.hasLoss), draw(tables.lossPpm)];
  const [duplicates, duplicateShare] = [draw(tables.hasDuplicates), draw(tables.duplicatePpm)];
  const [returns, returnShare] = [draw(tables.hasGraveyard), draw(tables.graveyardPpm)];
  return {
    latencyUsMin,
    latencyUsMax,
    tailPpm: tails ? tailShare : 0,
    tailUsMax: config.electionMsMax * 100 * tenths,
    lossPpm: losses ? lossShare : 0,
    duplicatePpm: duplicates ? duplicateShare : 0,
    graveyardPpm: returns ? returnShare : 0,
  };
}
