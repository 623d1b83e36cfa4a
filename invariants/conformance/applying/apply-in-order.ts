import type { LogIndex } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const applyInOrder: Rule = {
  id: 'apply-in-order',
  section: '§5.3, Figure 2 (all servers: lastApplied)',
  sentence: 'Entries are applied in the order of the log, each index once, none left out.',
  reason: 'State machines are equal only if they take the same commands in the same order.',
};

export function checkNext(scene: Scene, server: ObservedServer, index: LogIndex): void {
  const { lastApplied } = server;
  if (index === lastApplied + 1) return;
  const what = index > lastApplied ? 'left out what is between' : 'had applied it before';
  scene.report(
    applyInOrder,
    server,
    `applied index ${index} after index ${lastApplied}: it ${what}`,
  );
}
