/** Rules about clocks, and about leases, which are only as good as the clocks that they go by. */
import { inTrueTime } from './kernel/clock.ts';
import type { Plan } from './kernel/plan.ts';
import { checkDistinct, type Problems } from './plan-problem.ts';

const ELECTION = 'election';

export function checkClocks(plan: Plan, problems: Problems): void {
  const { clocks, cluster } = plan;
  const names = clocks.map(({ node }) => `server ${node}`);
  checkDistinct(names, (i) => ['clocks', i, 'node'], problems);
  // The leader may be the slowest, and a follower the fastest.
  const { electionMsMin, heartbeatMs } = inTrueTime(plan);
  if (clocks.length > 0 && heartbeatMs > electionMsMin / 2) {
    const expected =
      'clocks at which the slowest heartbeat takes at most half the fastest election timeout';
    problems.push({ path: ['clocks'], expected, got: `${heartbeatMs} and ${electionMsMin} ms` });
  }
  if (cluster.config.reads === 'lease') checkLease(plan, problems);
}

function checkLease(plan: Plan, problems: Problems): void {
  const { checkQuorum, clockDriftPpm, electionMsMin } = plan.cluster.config;
  if (!checkQuorum) {
    const expected = 'true, since a lease needs voters that do not disturb a leader (reads: lease)';
    problems.push({ path: ['cluster', 'config', 'checkQuorum'], expected, got: 'false' });
  }
  plan.clocks.forEach(({ ratePpm }, i) => {
    if (Math.abs(ratePpm) <= clockDriftPpm) return;
    const expected = `at most ${clockDriftPpm} faster or slower (clockDriftPpm), which is what leases allow for`;
    problems.push({ path: ['clocks', i, 'ratePpm'], expected, got: String(ratePpm) });
  });
  plan.faults.forEach(({ what }, i) => {
    if (what.do !== 'elapse' || what.timer !== ELECTION) return;
    const expected = 'another timer: a lease holds because nobody stands before electionMsMin';
    problems.push({ path: ['faults', i, 'what', 'timer'], expected, got: `"${ELECTION}"` });
  });
  plan.timers.forEach(({ timer, us }, i) => {
    if (timer !== ELECTION || us >= electionMsMin * 1000) return;
    const expected = `at least ${electionMsMin * 1000} (electionMsMin): a lease holds because nobody stands sooner`;
    problems.push({ path: ['timers', i, 'us'], expected, got: String(us) });
  });
}
