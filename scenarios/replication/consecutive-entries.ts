/**
 * Three commands reach the leader one after the other, each before the one before it has been
 * committed: S1 has several AppendEntries on their way at the same time. Whatever happens to each
 * of them, all logs hold the commands in the order in which S1 took them, and the commit index
 * climbs past them one by one.
 */
import { appliesAgree, indexOfCommand, logsAgree } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const OPS = ['put a 1', 'put b 2', 'put c 3'] as const;

// A command takes some 2.4 ms to be committed.
// biome-ignore format: one moment of the story per line
const plan = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(300).request(1, OPS[0])
  .at(301).request(1, OPS[1])
  .at(302).request(1, OPS[2])
  .until(1000)
  .plan();

export const consecutiveEntries: Scenario = {
  id: 'consecutive-entries',
  title: 'Multiple consecutive entries',
  milestone: 2,
  section: '§5.3',
  claim: 'Commands are stored and applied everywhere in the order in which the leader took them.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  for (const node of record.nodes) {
    const places = OPS.map((op) => indexOfCommand(record.durableOf(node).log, op));
    const [a = 0, b = 0, c = 0] = places;
    if (a === 0 || b !== a + 1 || c !== b + 1) {
      return `S${node} has the three commands at indexes ${places.join(', ')}.`;
    }
  }
  const steps = record.appliedBy(1).filter(({ entry }) => entry.command !== null);
  if (steps.length !== OPS.length) return `S1 applies ${steps.length} commands instead of three.`;
  if (new Set(steps.map(({ atUs }) => atUs)).size < OPS.length) {
    return 'S1 commits several commands at once instead of one by one.';
  }
  const pending = record.invocations.findLast(({ op }) => op === OPS[2])!;
  if (pending.order > steps[0]!.order) return 'The commands do not overlap.';
  const silent = OPS.find((op) => record.outcomeOf(op) !== 'ok');
  if (silent !== undefined) return `The client of "${silent}" does not get an ok.`;
  return appliesAgree(record) ?? logsAgree(record, record.nodes);
}
