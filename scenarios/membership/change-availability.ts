/**
 * Clients ask while S1 is replaced by S4. The link to S4 is slow, so it takes long to catch up; the
 * old three go on without waiting for it. Then C_old,new gets to all, but S1 hears no answer, and
 * dies in the middle of the change.
 *
 *   S1 S2 S3     commands are committed by two of three while S4 catches up
 *   S1 dead      S2 is elected, by S3 and S4, and finds C_old,new in its log
 *   S2 S3 S4     it commits that, completes the change, and takes commands again
 *
 * What stops the cluster is the death of its leader, for as long as an election takes; not the change.
 */
import type { Entry } from '../../core/messages.ts';
import { appliesAgree, logsAgree } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';
import { changeSteps, wrongSteps } from './change-steps.ts';

const CATCHING_UP = ['put a 1', 'put b 2', 'put c 3'];
const COMPLETING = ['put d 4', 'put e 5'];
/** A round trip and two disk writes, and some more. */
const LATENCY_US = 10_000;

// biome-ignore format: one moment of the story per line
const plan = script({ size: 3, spares: 1, quietTimers: true })
  .delay({ from: 1, to: 4 }, 40)
  .at(100).elapse(1)
  .at(150).request(1, 'put x 0')
  .at(200).changeMembership([2, 3, 4])
  .at(210).request(1, CATCHING_UP[0]!)
  .at(225).request(1, CATCHING_UP[1]!)
  .at(240).request(1, CATCHING_UP[2]!)
  .when('configuration').cut([2, 3, 4], 1)
  .at(600).crash(1)
  .at(610).heal()
  .at(650).elapse(2)
  .at(656).request(2, COMPLETING[0]!)
  .at(700).request(2, COMPLETING[1]!)
  .until(1000)
  .plan();

export const changeAvailability: Scenario = {
  id: 'change-availability',
  title: 'Availability during changes',
  milestone: 4,
  section: '§6',
  claim: 'Commands are committed while servers come and go, and when a leader dies meanwhile.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const wrong = wrongSteps(record, ['1 2 3 / 2 3 4', '2 3 4']);
  if (wrong !== null) return wrong;
  const [joint, final] = changeSteps(record);
  if (joint!.node !== 1 || final!.node !== 2) return 'S2 does not complete what S1 has begun.';
  const isJoint = ({ configuration }: Entry) => (configuration?.newVoters ?? null) !== null;
  if (record.durableOf(2).log.filter(isJoint).length !== 1) {
    return 'S2 begins the change anew instead of completing it.';
  }
  for (const op of [...CATCHING_UP, ...COMPLETING]) {
    const asked = record.invocations.find((item) => item.op === op);
    const told = record.returns.find((item) => item.op === op);
    if (asked === undefined || told?.outcome !== 'ok') return `"${op}" does not succeed.`;
    if (told.atUs - asked.atUs > LATENCY_US) return `"${op}" has to wait for the change.`;
    if (CATCHING_UP.includes(op) && told.order > joint!.order) {
      return `"${op}" is not answered while S4 catches up.`;
    }
  }
  const first = record.invocations.find(({ op }) => op === COMPLETING[0]);
  if (first!.order > final!.committed) return 'The change is over before S2 is asked.';
  const asked = record.adminAsks[0];
  if (asked === undefined || asked.order > joint!.order) return 'Nobody asks for a change.';
  return appliesAgree(record) ?? logsAgree(record, [2, 3, 4]);
}
