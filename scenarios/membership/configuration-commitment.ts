/**
 * A configuration is an entry: it is replicated, committed and applied in its place of the log. Here
 * the three become five. Then all five crash at once, so that nobody remembers anything but what is
 * on its disk, and come back.
 *
 * They are told the same first configuration as ever, of three. It is the newest one in the log that
 * holds, committed or not; nobody even knows at first how much is committed. S1 is elected by four
 * and then cut off with S2: two copies were a majority of the first three, and are none of five.
 */
import { appliesAgree, holdersOf, lastLeader, logsAgree } from '../agreement.ts';
import { showConfiguration } from '../configurations.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';
import { isMajority, wrongSteps } from './change-steps.ts';

const NEW = '1 2 3 4 5';
const CRASH_MS = 400;
const AFTER = 'put y 2';

// biome-ignore format: one moment of the story per line
const plan = script({ size: 3, spares: 2, quietTimers: true })
  .at(100).elapse(1)
  .at(150).request(1, 'put x 1')
  .at(200).changeMembership([1, 2, 3, 4, 5])
  .at(CRASH_MS).crash(1).crash(2).crash(3).crash(4).crash(5)
  .at(450).restart(1).restart(2).restart(3).restart(4).restart(5)
  .at(500).elapse(1)
  .at(600).cut(1, [3, 4, 5])
  .at(610).request(1, AFTER)
  .at(800).heal()
  .until(1200)
  .plan();

export const configurationCommitment: Scenario = {
  id: 'configuration-commitment',
  title: 'Configuration entry commitment',
  milestone: 4,
  section: '§6',
  claim: 'A configuration is an entry like others: committed, applied, and there after a restart.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const wrong = wrongSteps(record, [`1 2 3 / ${NEW}`, NEW]);
  if (wrong !== null) return wrong;
  const nodes = [1, 2, 3, 4, 5];
  const crash = record.lifecycles.find(({ what }) => what === 'crashed')?.order;
  if (crash === undefined) return 'Nobody crashes.';
  for (const node of nodes) {
    const isApplied = record.applies.some(
      (item) =>
        item.node === node &&
        item.order < crash &&
        item.entry.configuration !== undefined &&
        showConfiguration(item.entry.configuration) === NEW,
    );
    if (!isApplied) return `S${node} does not apply the configuration before the crash.`;
    if (record.lifecycles.filter((item) => item.node === node).length !== 3) {
      return `S${node} is not started again.`;
    }
    const words = showConfiguration(record.durableConfigurationOf(node));
    if (words !== NEW) return `S${node} ends with ${words}.`;
  }
  const commit = record.applies.find(({ entry }) => entry.command?.op === AFTER);
  if (commit === undefined) return 'The command after the restart is never committed.';
  const holders = holdersOf(record, AFTER, commit.order);
  if (!isMajority(nodes, holders)) {
    return `After the restart a command is committed with copies on ${holders.join(' ')}.`;
  }
  if (commit.atUs < 800_000) return 'The command is committed while three are cut off.';
  if (lastLeader(record)?.term !== 2) return 'S1 does not lead after the restart.';
  return appliesAgree(record) ?? logsAgree(record, nodes);
}
