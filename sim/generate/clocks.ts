import type { ClockPlan, ClusterPlan, PhasesPlan } from '../kernel/plan.ts';
import { serversOf } from './cluster.ts';
import { between, type Draw, drawSome, logBetween, percent, weighted } from './draw.ts';
import type { Feature } from './features.ts';

/** What the generator does with clocks. */
export const clocksKnobs = {
  clocks: 'Some servers, or all, have clocks that are not true.',
  offsetUs: 'Up to a day ahead.',
  ratePpm: 'As fast or as slow as clockDriftPpm allows in every second case, else in between.',
  jumps: 'The wall clock jumps up to three times, by up to a minute, ahead or back.',
} as const;

const offset = between(0, 1_000_000);
/** Percent of what is allowed. */
const rate = weighted([25, 100], [25, -100], [50, between(-100, 100)]);
const jumpCount = weighted([50, 0], [50, between(1, 3)]);
const jumpMs = logBetween(1, 60_000);
const isBack = percent(50);
/** Parts of a thousand of the chaos phase. */
const moment = between(0, 999);

export function drawClocks(
  draw: Draw,
  features: ReadonlySet<Feature>,
  { cluster, phases }: { cluster: ClusterPlan; phases: PhasesPlan },
): ClockPlan[] {
  if (!features.has('clocks')) return [];
  const servers = serversOf(cluster);
  const count = draw(between(1, servers.length));
  return drawSome(draw, servers, count).map((node) => ({
    node,
    offsetUs: draw(offset) * 100_000,
    ratePpm: Math.trunc((cluster.config.clockDriftPpm / 100) * draw(rate)),
    jumps: Array.from({ length: draw(jumpCount) }, () => {
      const byUs = draw(jumpMs) * 1_000;
      return {
        atUs: Math.floor(phases.chaosUs / 1_000) * draw(moment),
        byUs: draw(isBack) ? -byUs : byUs,
      };
    }).sort((a, b) => a.atUs - b.atUs),
  }));
}
