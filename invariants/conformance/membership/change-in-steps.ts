import type { Configuration, NodeId } from '../../../core/messages.ts';
import { configurationWords } from '../../configuration-words.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const changeInSteps: Rule = {
  id: 'change-in-steps',
  section: '§6, thesis §4.1',
  sentence:
    'Voters change from C_old through C_old,new to C_new; only one of them may come or go at once.',
  reason: 'Majorities of the one and the other need not have a server in common.',
};

/** A leader makes a configuration that follows on another one. */
export function checkStep(
  scene: Scene,
  server: ObservedServer,
  next: Configuration,
  before: Configuration,
): void {
  if (isStep(before, next)) return;
  scene.report(
    changeInSteps,
    server,
    `appended ${configurationWords(next)} right behind ${configurationWords(before)}`,
  );
}

function isStep(before: Configuration, next: Configuration): boolean {
  if (before.newVoters !== null) {
    return next.newVoters === null && isSame(next.voters, before.newVoters);
  }
  if (next.newVoters !== null) return isSame(next.voters, before.voters);
  const gone = before.voters.filter((node) => !next.voters.includes(node));
  const added = next.voters.filter((node) => !before.voters.includes(node));
  return gone.length + added.length <= 1;
}

function isSame(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((node) => b.includes(node));
}
