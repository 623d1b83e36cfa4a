import type { LogIndex, NodeId, Term } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const successDurable: Rule = {
  id: 'success-durable',
  section: '§5.3, Figure 2 (persistent state)',
  sentence:
    'A follower reports success when its term, and its log through that index, are on stable storage.',
  reason:
    'The leader counts it as a copy. A follower that crashes would have lost it, or would take entries of an older term again.',
};

/** What a true success claims is on disk. */
export function checkSuccessDurable(
  scene: Scene,
  server: ObservedServer,
  term: Term,
  leader: NodeId,
  matchIndex: LogIndex,
): void {
  const { durable, issued, durableSnapshot } = server;
  if (matchIndex <= (durableSnapshot?.lastIncludedIndex ?? 0)) return;
  const onDisk = durable.termAt(matchIndex);
  if (onDisk >= 0 && onDisk === issued.termAt(matchIndex)) return;
  const holds =
    onDisk < 0
      ? `while its disk held the log through index ${durable.last}`
      : `while its disk still held the older entry of term ${onDisk} there`;
  scene.report(
    successDurable,
    server,
    `reported success through index ${matchIndex} to S${leader} in term ${term}, ${holds}`,
  );
}

export function checkTermDurable(
  scene: Scene,
  server: ObservedServer,
  term: Term,
  leader: NodeId,
): void {
  if (server.durableTerm >= term) return;
  scene.report(
    successDurable,
    server,
    `reported success to S${leader} in term ${term}, while its disk held term ${server.durableTerm}`,
  );
}
