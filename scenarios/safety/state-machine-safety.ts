/**
 * Five clients write and read at the same time, against three servers, through a bad network: one
 * message in ten gets lost, one in twenty comes twice, one in twenty is late, some by more than an
 * election timeout. Twice the server that is the first to apply something, the leader, is cut off
 * for a while, so that others are elected and logs have to be repaired. When it is over every server
 * has applied the same commands in the same order, more than a hundred of them.
 */
import { appliedThrough, appliesAgree, logsAgree, oneLeaderPerTerm } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const COMMANDS_MIN = 100;

// biome-ignore format: one moment of the story per line
const plan = script({
  size: 3,
  latencyMs: [0.5, 5],
  network: { lossPpm: 100_000, duplicatePpm: 50_000, tailPpm: 50_000, tailUsMax: 400_000 },
  workload: { clients: 5, intervalUs: 20_000, timeoutUs: 400_000, lossPpm: 20_000 },
  settle: true,
})
  .when('apply', { nth: 30 }).isolate(0, { forMs: 600 })
  .when('apply', { nth: 90 }).isolate(0, { forMs: 600 })
  .until(6000)
  .plan();

export const stateMachineSafety: Scenario = {
  id: 'state-machine-safety',
  title: 'State machine safety under concurrency and loss',
  milestone: 3,
  section: '§5.4.3',
  claim: 'All servers apply the same commands in the same order, whatever the network does.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const commands = record.appliedBy(1).filter(({ entry }) => entry.command !== null);
  if (commands.length < COMMANDS_MIN) return `Only ${commands.length} commands were applied.`;
  if (!hasOverlap(record)) return 'No two clients ever waited at the same time.';
  const lost = record.sends.filter(({ copies }) => copies === 0).length;
  const doubled = record.sends.filter(({ copies }) => copies === 2).length;
  if (lost === 0 || doubled === 0) return 'The network was a good one.';
  if (record.leaders().length < 2) return 'Nobody took over from the first leader.';
  return (
    oneLeaderPerTerm(record) ??
    appliesAgree(record) ??
    logsAgree(record, record.nodes) ??
    appliedThrough(record, record.nodes, record.durableOf(1).log.length)
  );
}

/** Some operation is invoked while one of another client has no answer yet. */
function hasOverlap(record: RunRecord): boolean {
  return record.invocations.some((later) =>
    record.invocations.some((earlier) => {
      if (earlier.clientId === later.clientId || earlier.order > later.order) return false;
      const answer = record.returns.find(
        ({ clientId, seq }) => clientId === earlier.clientId && seq === earlier.seq,
      );
      return answer === undefined || answer.order > later.order;
    }),
  );
}
