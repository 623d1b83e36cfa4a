import type { Entry, LogIndex } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
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
  let isTaken = 0;
  for (const attempt of server.attempts.values()) {
    if (attempt.command !== name) continue;
    if (attempt.index === 0 || attempt.index === index) {
      attempt.index = index;
      return;
    }
    isTaken = attempt.index;
  }
  const before =
    isTaken === 0 ? 'which nobody has asked it for' : `which it had appended at index ${isTaken}`;
  scene.report(
    requestAppendedOnce,
    server,
    `appended command ${name} at index ${index}, ${before}`,
  );
}
