/** What the ledgers learn from AppendEntries and its answers. */
import type { AppendEntries, AppendEntriesResponse, NodeId } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import { checkSuccess } from '../safety/true-success.ts';
import { actAsLeader } from './elections.ts';
import { noteCreated } from './log-writes.ts';

/** AppendEntries is sent. Returns its stamp: the log through its last entry. */
export function sendAppend(ledgers: Ledgers, server: ServerView, body: AppendEntries): LogId {
  const { term, entries, prevLogIndex } = body;
  if (server.reignTerm !== term) actAsLeader(ledgers, server, term);
  if (body.leaderCommit > server.claimed && body.leaderCommit > server.claiming) {
    server.claiming = body.leaderCommit;
  }
  const count = entries.length;
  const lastTerm = count === 0 ? body.prevLogTerm : entries[count - 1]!.term;
  const id = server.issued.at(prevLogIndex + count);
  if (id >= 0 && ledgers.log.termOf(id) === lastTerm) return id;
  return stampUnwritten(ledgers, server, body);
}

/** AppendEntries arrives, of a term that is not outdated here. */
export function receiveAppend(
  ledgers: Ledgers,
  server: ServerView,
  stamp: number,
  body: AppendEntries,
): void {
  const { stamps, log } = ledgers;
  const place = body.term * 8 + server.node;
  const id = log.stamped(stamp);
  if (log.indexOf(id) > log.indexOf(stamps.get(place))) stamps.set(place, id);
  if (body.term < server.issuedTerm) return;
  if (body.term > server.heardTerm) server.heardTerm = body.term;
  const verified = Math.min(body.leaderCommit, body.prevLogIndex + body.entries.length);
  if (verified > server.toldCommitted) server.toldCommitted = verified;
}

/** AppendEntriesResponse is sent. */
export function answerAppend(
  ledgers: Ledgers,
  server: ServerView,
  leader: NodeId,
  body: AppendEntriesResponse,
): void {
  if (!body.success) return;
  checkSuccess(ledgers, server, leader, body.term, body.matchIndex);
  if (body.term > server.promisedTerm) server.promisedTerm = body.term;
}

/** The message left before its entries were written: they are the leader's all the same. */
function stampUnwritten(ledgers: Ledgers, server: ServerView, body: AppendEntries): LogId {
  const { log, commands } = ledgers;
  let id = server.issued.at(body.prevLogIndex);
  if (id < 0 || log.termOf(id) !== body.prevLogTerm) {
    id = log.find(body.prevLogIndex, body.prevLogTerm);
    if (id < 0) return 0;
  }
  for (const entry of body.entries) {
    const before = log.count;
    id = log.child(id, entry.term, commands.payloadOfEntry(entry));
    if (id >= before) noteCreated(ledgers, server, id);
  }
  return id;
}
