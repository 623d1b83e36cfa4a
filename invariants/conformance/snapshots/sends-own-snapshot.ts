import type { InstallSnapshot, NodeId, Snapshot } from '../../../core/messages.ts';
import { isSameConfiguration } from '../../configuration-words.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const sendsOwnSnapshot: Rule = {
  id: 'sends-own-snapshot',
  section: '§7, Figure 13 (InstallSnapshot, arguments)',
  sentence:
    'InstallSnapshot carries a snapshot that the leader’s disk holds: its label, the bytes at the offset, and done with the last of them.',
  reason: 'The follower takes it for what the log through there amounts to.',
};

/** InstallSnapshot is sent. */
export function checkOwnSnapshot(
  scene: Scene,
  server: ObservedServer,
  to: NodeId,
  body: InstallSnapshot,
): void {
  const held = server.snapshots.heldThrough(body.lastIncludedIndex);
  if (held.some((snapshot) => isPartOf(body, snapshot))) return;
  const { lastIncludedIndex, lastIncludedTerm, offset, done } = body;
  const part = done ? `from offset ${offset} to the end` : `from offset ${offset}`;
  const has =
    held.length === 0
      ? `no snapshot through index ${lastIncludedIndex} was ever on its disk`
      : 'its own says otherwise';
  scene.report(
    sendsOwnSnapshot,
    server,
    `sent S${to} the snapshot through index ${lastIncludedIndex} (term ${lastIncludedTerm}) ${part}, and ${has}`,
  );
}

function isPartOf(body: InstallSnapshot, snapshot: Snapshot): boolean {
  const { offset, data, done } = body;
  const end = offset + data.length;
  return (
    body.lastIncludedTerm === snapshot.lastIncludedTerm &&
    isSameConfiguration(body.configuration, snapshot.configuration) &&
    snapshot.data.slice(offset, end) === data &&
    end <= snapshot.data.length &&
    done === (end === snapshot.data.length)
  );
}
