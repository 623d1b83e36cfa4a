import type { Entry, LogIndex } from '../../../core/messages.ts';
import { checkNotRefused } from '../clients/refused-not-appended.ts';
import type { Attempt, ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const requestAppendedOnce: Rule = {
  id: 'request-appended-once',
  section: '§5.3, §8',
  sentence:
    'A leader appends each request that it takes as one entry, and nothing nobody asked for.',
  reason: 'A command in two entries is carried out twice, and another one perhaps not at all.',
};

/** A leader has created an entry: which request is it for? Fills in where it is. */
export function checkRequested(
  scene: Scene,
  server: ObservedServer,
  index: LogIndex,
  entry: Entry,
): void {
  const { command } = entry;
  if (command === null) return;
  const name = `${command.clientId}.${command.seq}`;
  const attempts = [...server.attempts.values()].filter((one) => one.command === name);
  if (attempts.some((one) => one.index === index)) return;
  const isFree = (one: Attempt): boolean => one.index === 0;
  const attempt =
    attempts.find((one) => isFree(one) && one.answer === null) ?? attempts.find(isFree);
  if (attempt !== undefined) {
    attempt.index = index;
    checkNotRefused(scene, server, attempt);
    return;
  }
  const isTaken = attempts[0]?.index ?? 0;
  const before =
    isTaken === 0 ? 'which nobody has asked it for' : `which it had appended at index ${isTaken}`;
  scene.report(
    requestAppendedOnce,
    server,
    `appended command ${name} at index ${index}, ${before}`,
  );
}
