/** What a message promises is on disk before it leaves: a crash cannot take it back. */
import type { LogIndex, NodeId, Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const durablePromise: Property = {
  id: 'durable-promise',
  title: 'Promise before durability',
  sentence:
    'A vote, a success, the end of an installation and a reign are announced only when what they promise is on stable storage.',
  section: '§5, Figure 2 (persistent state is updated before responding)',
  kind: 'safety',
  facts: ['sent', 'persisted', 'crashed'],
};

/** A granted vote needs (term, candidate) durable, now or before. */
export function checkGrantDurable(
  ledgers: Ledgers,
  voter: ServerView,
  candidate: NodeId,
  term: Term,
): void {
  if (ledgers.votes.durableVote(term, voter.node) === candidate) return;
  const isWritten = voter.issuedTerm === term && voter.issuedVote === candidate;
  ledgers.report(durablePromise, {
    node: voter.node,
    rule: 'vote-not-durable',
    relation: isWritten ? 'write-pending' : 'never-written',
    detail:
      `S${voter.node} grants its vote in term ${term} to S${candidate}, but its disk holds ` +
      `term ${voter.durableTerm} with ${describeVote(voter.durableVote)}.`,
    messageKind: 'RequestVoteResponse',
  });
}

/** The first act of a reign needs the vote for oneself durable. */
export function checkReignDurable(ledgers: Ledgers, server: ServerView, term: Term): void {
  if (ledgers.votes.durableVote(term, server.node) === server.node) return;
  const isWritten = server.issuedTerm === term && server.issuedVote === server.node;
  ledgers.report(durablePromise, {
    node: server.node,
    rule: 'own-vote-not-durable',
    relation: isWritten ? 'write-pending' : 'never-written',
    detail:
      `S${server.node} acts as leader of term ${term}, but its disk holds ` +
      `term ${server.durableTerm} with ${describeVote(server.durableVote)}.`,
    messageKind: null,
  });
}

/** A success of a term needs that term durable, or a newer one. */
export function checkTermDurable(ledgers: Ledgers, server: ServerView, term: Term): void {
  if (server.durableTerm >= term) return;
  ledgers.report(durablePromise, {
    node: server.node,
    rule: 'term-not-durable',
    relation: server.issuedTerm >= term ? 'write-pending' : 'never-written',
    detail:
      `S${server.node} reports a success in term ${term}, ` +
      `but its disk holds term ${server.durableTerm}.`,
    messageKind: 'AppendEntriesResponse',
  });
}

/** The entries of a success are in the server's log, but not on its disk. */
export function reportLogNotDurable(
  ledgers: Ledgers,
  server: ServerView,
  matchIndex: LogIndex,
): void {
  ledgers.report(durablePromise, {
    node: server.node,
    rule: 'log-not-durable',
    relation: server.durable.last < matchIndex ? 'write-pending' : 'old-entry-on-disk',
    detail:
      `S${server.node} reports success through index ${matchIndex}, but that part of its log ` +
      `is not on its disk, which holds ${server.durable.last} entries.`,
    messageKind: 'AppendEntriesResponse',
  });
}

/** The last chunk is confirmed: snapshot or log, the committed log through its index is on disk. */
export function checkInstallDurable(
  ledgers: Ledgers,
  server: ServerView,
  lastIncludedIndex: LogIndex,
): void {
  const { commits, log } = ledgers;
  const { node, durable, issuedSnapshot } = server;
  const isCommitted = lastIncludedIndex <= commits.last;
  if (isCommitted && durable.at(lastIncludedIndex) === commits.idAt(lastIncludedIndex)) return;
  const isWritten =
    log.indexOf(issuedSnapshot) >= lastIncludedIndex ||
    server.issued.at(lastIncludedIndex) === commits.idAt(lastIncludedIndex);
  ledgers.report(durablePromise, {
    node,
    rule: 'snapshot-not-durable',
    relation: isCommitted && isWritten ? 'write-pending' : 'never-written',
    detail:
      `S${node} says that it has the snapshot of ${lastIncludedIndex} entries, ` +
      `but its disk holds a snapshot of ${log.indexOf(server.durableSnapshot)}.`,
    messageKind: 'InstallSnapshotResponse',
  });
}

function describeVote(votedFor: NodeId): string {
  return votedFor === 0 ? 'no vote' : `a vote for S${votedFor}`;
}
