/**
 * A client with a session swaps the value of x0: from "none" to one of its own. S1 commits that, and
 * dies before it answers. The client cannot know, so it sends the same command again, to S2:
 *
 *   S1   . . register  swap     dead before the answer
 *   S2   . . register  swap  n  swap
 *
 * The log has it twice, and both are committed. Carried out a second time the swap would fail, since
 * the value is not "none" any more: the state machine knows the command of the session, changes
 * nothing, and gives the answer of the first time (§8).
 */
import type { Command } from '../../core/messages.ts';
import { appliesAgree } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

type CommandName = Pick<Command, 'clientId' | 'seq'>;

const workload = { clients: 1, keys: 1, readPpm: 0, casPpm: 1_000_000 };

// biome-ignore format: one moment of the story per line
const plan = script({ size: 3, quietTimers: true, sessions: true, workload })
  .at(1).elapse(1)
  .at(5).request(1, 'put x0 none')
  // S1 has applied its no-op, x0, the registration, and now the swap.
  .when('apply', { node: 1, nth: 4 }).crash(1)
  .at(150).elapse(2)
  .until(2500)
  .plan();

export const sessionRetry: Scenario = {
  id: 'session-retry',
  title: 'A command whose answer was lost is sent again',
  milestone: 'extension',
  section: '§8',
  claim: 'A command that a client sends again is carried out once, and answered as it was then.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const commands = record
    .appliedBy(2)
    .flatMap(({ entry }) => (entry.command === null ? [] : [entry.command]));
  const isSame = (a: CommandName, b: CommandName) => a.clientId === b.clientId && a.seq === b.seq;
  const twice = commands.find((one, at) => {
    return one.session !== undefined && commands.findIndex((other) => isSame(one, other)) < at;
  });
  if (twice === undefined) return 'No command of a session is in the log twice.';
  const crash = record.lifecycles.find(({ what }) => what === 'crashed');
  const told = record.returns.find((item) => isSame(item, twice));
  if (told === undefined || crash === undefined || told.order < crash.order) {
    return 'The client is not answered after the leader has died.';
  }
  if (!twice.op.startsWith('cas x0 none ')) return `What is sent again is "${twice.op}".`;
  if (told.outcome !== 'ok' || told.value !== 'swapped') {
    return `The client is told ${told.outcome}, ${told.value}, although the values were swapped.`;
  }
  return appliesAgree(record);
}
