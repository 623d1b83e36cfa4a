import type { LogIndex } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const compactionBehindSnapshot: Rule = {
  id: 'compaction-behind-snapshot',
  section: '§7',
  sentence: 'The log loses only what a snapshot on stable storage covers.',
  reason: 'After a crash the entries would be nowhere: committed ones are lost.',
};

/** The log is to lose what it has through `index`; `stream` and `after` as in the contract. */
export function checkCovered(
  scene: Scene,
  server: ObservedServer,
  index: LogIndex,
  stream: string,
  after: number,
): void {
  let covered = server.durableSnapshot?.lastIncludedIndex ?? 0;
  for (const one of server.pending) {
    const isOrdered = one.id === after || one.stream === stream;
    if (isOrdered && one.write.kind === 'snapshot') {
      covered = Math.max(covered, one.write.snapshot.lastIncludedIndex);
    }
  }
  if (index <= covered) return;
  const holds =
    covered === 0 ? 'held no snapshot' : `held a snapshot only through index ${covered}`;
  scene.report(
    compactionBehindSnapshot,
    server,
    `dropped its log through index ${index}, while its disk ${holds}`,
  );
}
