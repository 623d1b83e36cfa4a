/**
 * A write fails: nothing of it is on disk, nor of those that come behind it. What a server writes
 * from then on, it writes to the disk as it is. In memory it may have more, until it has written
 * that again; a server that halts has nothing.
 */
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { PendingWrites } from '../ledgers/pending-writes.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import { Happened } from '../situations.ts';

/** The issued image becomes what the disk has, and what is still on its way there. */
export function failWrite(ledgers: Ledgers, server: ServerView, writeId: number): void {
  const { pending, issued, durable } = server;
  ledgers.situations.count(Happened.writeFailed);
  const place = pending.find(writeId);
  if (place < 0) return;
  loseFrom(pending, place);
  const { tip: before } = issued;
  issued.copy(ledgers.log, durable);
  let { durableTerm: term, durableVote: vote, durableSnapshot: snapshot } = server;
  for (let at = 0; at < pending.count; at += 1) {
    const record = pending.at(at);
    if (record.isDone) continue;
    const write = record.write!;
    if (write.kind === 'hardState') ({ currentTerm: term, votedFor: vote } = write);
    else if (write.kind === 'snapshot') snapshot = record.tip;
    else {
      issued.become(ledgers.log, record.tip);
      issued.base = record.base;
    }
  }
  pending.drop();
  if (server.unwritten === 0 && issued.tip !== before) server.unwritten = before;
  server.issuedSnapshot = snapshot;
  server.issuedTerm = term;
  server.issuedVote = vote;
}

/** The failed write, all later ones of its stream, and all that are ordered after one of these. */
function loseFrom(pending: PendingWrites, place: number): void {
  const streams = [pending.at(place).stream];
  const lost: number[] = [];
  for (let at = place; at < pending.count; at += 1) {
    const record = pending.at(at);
    if (record.isDone) continue;
    if (!streams.includes(record.stream) && !lost.includes(record.after)) continue;
    streams.push(record.stream);
    lost.push(record.id);
    record.isDone = true;
  }
}

/** A log is written: is that what the failed writes had brought, or part of it? */
export function noteWrittenAgain({ log }: Ledgers, server: ServerView): void {
  const { tip, last } = server.issued;
  const { unwritten } = server;
  if (last < log.indexOf(unwritten) && log.ancestorAt(unwritten, last) === tip) return;
  server.unwritten = 0;
}
