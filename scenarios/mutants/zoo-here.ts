/** The port that runs everything in this thread: for tests, and for those who have no workers. */
import { loadBundle } from './load.ts';
import type { ZooPort } from './zoo.ts';
import { runSeedsForZoo, watchForZoo } from './zoo-run.ts';

export const ZOO_HERE: ZooPort = {
  async runPlans(bundle, plans) {
    const implementation = await loadBundle(bundle);
    return plans.map((plan) => watchForZoo(plan, implementation));
  },
  async runSeeds(bundle, from, count, stopAtFirstKill) {
    const implementation = await loadBundle(bundle);
    return runSeedsForZoo(implementation, from, count, stopAtFirstKill);
  },
};
