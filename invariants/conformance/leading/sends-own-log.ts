import type { AppendEntries, Entry, LogIndex, NodeId, Term } from '../../../core/messages.ts';
import { contentWords, isSameEntry } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const sendsOwnLog: Rule = {
  id: 'sends-own-log',
  section: '§5.3, Figure 2 (AppendEntries, arguments)',
  sentence:
    'AppendEntries carries entries of the leader’s own log from prevLogIndex + 1 on, and the term of the one before them.',
  reason: 'Followers take what it says for the leader’s log, index by index.',
};

/** AppendEntries is sent. Entries of its own term may leave before they are written. */
export function checkContents(
  scene: Scene,
  server: ObservedServer,
  to: NodeId,
  body: AppendEntries,
): void {
  const { prevLogIndex, prevLogTerm, entries } = body;
  if (!mayHave(server, prevLogIndex, prevLogTerm, null, body.term)) {
    const own = server.issued.termAt(prevLogIndex);
    const has =
      own < 0 ? `its log ends at index ${server.issued.last}` : `its entry is of term ${own}`;
    scene.report(
      sendsOwnLog,
      server,
      `sent S${to} AppendEntries with prevLogTerm ${prevLogTerm} for index ${prevLogIndex}, where ${has}`,
    );
    return;
  }
  for (let i = 0; i < entries.length; i += 1) {
    const index = prevLogIndex + 1 + i;
    const entry = entries[i]!;
    if (mayHave(server, index, entry.term, entry, body.term)) continue;
    scene.report(
      sendsOwnLog,
      server,
      `sent S${to} as index ${index} ${itself(entry)}, and ${has(server, index)}`,
    );
    return;
  }
}

function mayHave(
  server: ObservedServer,
  index: LogIndex,
  term: Term,
  entry: Entry | null,
  leaderTerm: Term,
): boolean {
  const { issued } = server;
  const own = issued.at(index);
  if (own !== undefined) return own.term === term && (entry === null || isSameEntry(own, entry));
  if (index > 0 && index <= issued.base) return issued.has(index, term);
  return index === 0 ? term === 0 : term === leaderTerm || server.hasLostWrites;
}

function has({ issued }: ObservedServer, index: LogIndex): string {
  const own = issued.at(index);
  return own === undefined
    ? `its own log ends at index ${issued.last}`
    : `its own log has ${itself(own)} there`;
}

/** "command 1.3 of term 2", "a no-op of term 2". */
function itself(entry: Entry): string {
  return `${contentWords(entry)} of term ${entry.term}`;
}
