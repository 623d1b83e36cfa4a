/**
 * S4 of four is taken out. While the configuration is joint it still counts; C_new does not name it.
 *
 *   1 2 3 4             three of four
 *   1 2 3 4 / 1 2 3     three of four, and two of three
 *   1 2 3               two of three
 *
 * S4 is told that it is out, so it does not stand when its leader falls silent, and nothing more is
 * sent to it. S3 is cut off as well: two of three are enough now, where of four they were not.
 */
import { appliesAgree, holdersOf, logsAgree } from '../agreement.ts';
import { showConfiguration } from '../configurations.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';
import { wrongSteps } from './change-steps.ts';

const AFTER = 'put y 2';
/** By then S4 has been told. */
const TOLD_US = 400_000;

// biome-ignore format: one moment of the story per line
const plan = script({ size: 4, quietTimers: true })
  .at(100).elapse(1)
  .at(150).request(1, 'put x 1')
  .at(200).changeMembership([1, 2, 3])
  .at(400).isolate(3)
  .at(410).request(1, AFTER)
  .at(500).elapse(4)
  .at(600).heal()
  .until(1000)
  .plan();

export const serverRemoval: Scenario = {
  id: 'server-removal',
  title: 'Single server removal',
  milestone: 4,
  section: '§6',
  claim: 'A server that was taken out counts no more, is sent nothing more, and disturbs nobody.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const wrong = wrongSteps(record, ['1 2 3 4 / 1 2 3', '1 2 3']);
  if (wrong !== null) return wrong;
  if (showConfiguration(record.durableConfigurationOf(4)) !== '1 2 3') {
    return 'S4 is not told that it is out.';
  }
  const told = record.returns.find(({ op, outcome }) => op === AFTER && outcome === 'ok');
  if (told === undefined) return 'The client is not told that its command is committed.';
  const holders = holdersOf(record, AFTER, told.order).join(' ');
  if (holders !== '1 2') return `The command is committed with copies on ${holders}, not on 1 2.`;
  const sent = record.sends.find(({ to, atUs }) => to === 4 && atUs >= TOLD_US);
  if (sent !== undefined) return `S${sent.from} still sends ${sent.body.kind} to S4.`;
  if (record.messagesSent('RequestVote', { from: 4 }).length > 0) return 'S4 stands.';
  if (record.leaders().length !== 1) return 'S1 does not lead throughout.';
  return appliesAgree(record) ?? logsAgree(record, [1, 2, 3]);
}
