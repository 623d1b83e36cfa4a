import type { Configuration, LogIndex } from '../../../core/messages.ts';
import { configurationWords } from '../../configuration-words.ts';
import type { PlacedConfiguration } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const oneChangeAtATime: Rule = {
  id: 'one-change-at-a-time',
  section: '§6, thesis §4.1',
  sentence: 'A leader begins a change when the configuration before it is committed.',
  reason:
    'Of two changes that are under way each can be taken back without the other: their majorities need not meet.',
};

export const jointCommittedFirst: Rule = {
  id: 'joint-committed-first',
  section: '§6',
  sentence: 'C_new is appended when C_old,new is committed.',
  reason:
    'Servers that have not seen C_old,new decide by C_old alone, while C_new can commit without any of them.',
};

/** A leader makes a configuration; `committed` is what it knows to be committed. */
export function checkSettled(
  scene: Scene,
  server: ObservedServer,
  configuration: Configuration,
  before: PlacedConfiguration,
  committed: LogIndex,
): boolean {
  if (before.index <= committed) return true;
  const isLeaving = before.configuration.newVoters !== null && configuration.newVoters === null;
  scene.report(
    isLeaving ? jointCommittedFirst : oneChangeAtATime,
    server,
    `appended ${configurationWords(configuration)}, while ${configurationWords(before.configuration)} ` +
      `at index ${before.index} was not committed as far as it knew (only index ${committed} was)`,
  );
  return false;
}
