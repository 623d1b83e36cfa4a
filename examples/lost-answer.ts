/**
 * A scenario written as a script. S1 commits a command with S2 and answers its client; before it
 * can tell S2 that the entry is committed, S1 is gone. S3, which has missed the command, stands
 * first. §5.4.1 keeps it from being elected, and S2 takes over with the command.
 *
 *     node --import tsx examples/lost-answer.ts > plan.json
 *     npx whitewater run plan.json
 *     npx whitewater run plan.json --mutant log-check-missing
 *
 * docs/scenarios.md explains every word; README.md says how a scenario gets into the registry.
 */
import type { RunRecord } from '../scenarios/run-record.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { script } from '../scenarios/script.ts';

// biome-ignore format: one moment of the story per line
const plan = script({ size: 3, quietTimers: true })
  .at(100).elapse(1)
  .at(150).isolate(3)
  .at(200).request(1, 'put x 1')
  .when('acknowledged').crash()
  .at(300).heal()
  .at(400).elapse(3)
  .at(500).elapse(2)
  .until(800)
  .plan();

export const lostAnswer: Scenario = {
  id: 'lost-answer',
  title: 'A leader dies between its answer and its next heartbeat',
  milestone: 3,
  section: '§5.4.1',
  claim:
    'What a client was told is in the log of the next leader, though only one live server has it.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  if (record.outcomeOf('put x 1') !== 'ok') return 'The client is not told that it is committed.';
  if (record.messagesSent('RequestVote', { from: 3, term: 2 }).length === 0)
    return 'S3 never stands.';
  if (record.leaderOf(2) !== null) return 'S3 leads term 2, without the command.';
  if (record.leaderOf(3)?.node !== 2) return 'S2 does not lead term 3.';
  const isKnown = record.appliedBy(3).some(({ entry }) => entry.command?.op === 'put x 1');
  return isKnown ? null : 'S3 never applies the command.';
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(plan, null, 2));
