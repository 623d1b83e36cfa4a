/**
 * Five clients write and read at the same time, against three servers, through a bad network: one
 * message in ten gets lost, one in twenty comes twice, one in twenty is late, some by more than an
 * election timeout. Twice the server that is the first to apply something, the leader, is cut off
 * for a while, so that others are elected and logs have to be repaired. When it is over every server
 * has applied the same commands in the same order, more than a hundred of them.
 */
import type { Command, NodeId } from '../../core/messages.ts';
import { appliesAgree, oneLeaderPerTerm } from '../agreement.ts';
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
  if (!hasOverlap(record)) return 'No two clients ever waited at the same time.';
  const lost = record.sends.filter(({ copies }) => copies === 0).length;
  const doubled = record.sends.filter(({ copies }) => copies === 2).length;
  if (lost === 0 || doubled === 0) return 'The network was a good one.';
  if (record.leaders().length < 2) return 'Nobody took over from the first leader.';
  return (
    oneLeaderPerTerm(record) ??
    appliesAgree(record) ??
    firstMissing(record) ??
    record.nodes.map((node) => appliesTooFew(record, node)).find((answer) => answer !== null) ??
    null
  );
}

/** Some client begins an operation while another waits for its answer. */
function hasOverlap(record: RunRecord): boolean {
  const waiting = new Set<number>();
  const items = [
    ...record.invocations.map((item) => ({ ...item, isAnswer: false })),
    ...record.returns.map((item) => ({ ...item, isAnswer: true })),
  ].sort((a, b) => a.order - b.order);
  return items.some(({ clientId, isAnswer }) => {
    if (isAnswer) waiting.delete(clientId);
    else waiting.add(clientId);
    return waiting.size > 1;
  });
}

/** When the cluster has come to rest, everybody has applied all that was acknowledged before. */
function firstMissing(record: RunRecord): string | null {
  const restUs = record.phases.find(({ phase }) => phase === 'traffic')?.atUs ?? 0;
  const acknowledged = record.returns.filter((item) => item.outcome === 'ok' && item.atUs < restUs);
  for (const node of record.nodes) {
    const applied = new Set(record.appliedBy(node).map(({ entry }) => nameOf(entry.command)));
    const missing = acknowledged.find((item) => !applied.has(nameOf(item)));
    if (missing !== undefined)
      return `S${node} does not apply "${missing.op}", which was answered.`;
  }
  return null;
}

function appliesTooFew(record: RunRecord, node: NodeId): string | null {
  const count = record.appliedBy(node).filter(({ entry }) => entry.command !== null).length;
  return count >= COMMANDS_MIN ? null : `S${node} applies only ${count} commands.`;
}

function nameOf(command: Pick<Command, 'clientId' | 'seq'> | null): string {
  return command === null ? '' : `${command.clientId}.${command.seq}`;
}
