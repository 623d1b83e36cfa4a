/** What the ledgers learn from writes to a log: new entries, and entries that go. */
import type { Entry, LogIndex } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import { checkCommittedKept } from '../safety/committed-never-dropped.ts';
import { checkConfiguration } from '../safety/configurations-intersect.ts';
import { checkLeaderAppendOnly } from '../safety/leader-append-only.ts';
import { checkCreator } from '../safety/leader-creates-entries.ts';
import { checkLogMatching, reportGap } from '../safety/log-matching.ts';
import { checkInvoked } from '../safety/no-invented-command.ts';
import { Happened } from '../situations.ts';
import { actAsLeader } from './elections.ts';
import { noteConfigurationMade } from './made-for-operators.ts';
import { countConfiguration, countRolledBack } from './membership-situations.ts';

/** Entries behind the end of the log. */
export function appendEntries(
  ledgers: Ledgers,
  server: ServerView,
  entries: readonly Entry[],
): void {
  const { log, commands } = ledgers;
  const { issued } = server;
  let id = issued.tip;
  for (let i = 0; i < entries.length; i += 1) {
    const entry = entries[i]!;
    // Mostly somebody else has the same entry behind the same log already.
    const known = log.newestAt(log.indexOf(id) + 1);
    if (known !== 0 && log.parentOf(known) === id && holds(ledgers, known, entry)) {
      id = known;
      issued.push(id);
      continue;
    }
    const before = log.count;
    id = log.child(id, entry.term, commands.payloadOfEntry(entry));
    if (id >= before) noteCreated(ledgers, server, id);
    issued.push(id);
  }
  if (entries.length > 1 && server.reignTerm !== 0) countGroup(ledgers, server, entries);
}

/** Does the log `id` end with this very entry? False may mean that the entry was copied. */
export function holds(ledgers: Ledgers, id: LogId, entry: Entry): boolean {
  const { log, commands } = ledgers;
  if (log.termOf(id) !== entry.term) return false;
  if (entry.command === null) return log.payloadOf(id) === commands.payloadOfEntry(entry);
  return commands.isVery(log.payloadOf(id), entry.command);
}

/** Everything from `index` on is dropped. */
export function truncate(ledgers: Ledgers, server: ServerView, index: LogIndex): void {
  if (index > server.issued.last) return;
  checkLeaderAppendOnly(ledgers, server, index);
  checkCommittedKept(ledgers, server, index);
  countTruncation(ledgers, server, index);
  server.issued.cut(index - 1);
}

/** Entries from `index` on are replaced; what stands behind them stays, behind other entries. */
export function overwrite(
  ledgers: Ledgers,
  server: ServerView,
  index: LogIndex,
  entries: readonly Entry[],
): void {
  const { issued } = server;
  if (index > issued.last + 1) reportGap(ledgers, server, index);
  const first = Math.max(issued.base + 1, Math.min(index, issued.last + 1));
  // The places that a snapshot has taken are not there any more.
  const there = index <= issued.base ? entries.slice(first - index) : entries;
  const tip = overwritten(ledgers, server, issued.tip, first, there);
  const firstChanged = issued.commonPrefixWith(ledgers.log, tip) + 1;
  if (firstChanged <= issued.last) {
    checkLeaderAppendOnly(ledgers, server, firstChanged);
    checkCommittedKept(ledgers, server, firstChanged);
    countTruncation(ledgers, server, firstChanged);
  }
  issued.become(ledgers.log, tip);
}

/** The log `tip` with these entries from `index` on, and its own entries behind them. */
export function overwritten(
  ledgers: Ledgers,
  server: ServerView,
  tip: LogId,
  index: LogIndex,
  entries: readonly Entry[],
): LogId {
  const { log, commands } = ledgers;
  const last = log.indexOf(tip);
  let id = log.ancestorAt(tip, index - 1);
  for (let at = index; at < index + entries.length || at <= last; at += 1) {
    const entry = entries[at - index];
    const kept = entry === undefined ? log.ancestorAt(tip, at) : 0;
    const term = entry === undefined ? log.termOf(kept) : entry.term;
    const payload = entry === undefined ? log.payloadOf(kept) : commands.payloadOfEntry(entry);
    const before = log.count;
    id = log.child(id, term, payload);
    if (id >= before) noteCreated(ledgers, server, id);
  }
  return id;
}

/** An entry came into being: this server is the first that has it. */
export function noteCreated(ledgers: Ledgers, server: ServerView, id: LogId): void {
  const { log, commands, leaders } = ledgers;
  const term = log.termOf(id);
  if (server.reignTerm !== term && leaders.nodeOf(term) === 0) actAsLeader(ledgers, server, term);
  checkLogMatching(ledgers, server, id);
  checkCreator(ledgers, server, id);
  checkInvoked(ledgers, server, id);
  const payload = log.payloadOf(id);
  if (payload < 0) {
    checkConfiguration(ledgers, server, id);
    countConfiguration(ledgers, server, id);
    noteConfigurationMade(ledgers, server, id);
  }
  if (payload <= 0) return;
  const record = commands.record(payload);
  record.entry = id;
  if (term === server.reignTerm && term < leaders.newestTerm) {
    ledgers.situations.count(Happened.staleLeaderTookCommand);
  }
  const isHandedHere = record.attemptNode === server.node && record.attemptBoot === server.boot;
  if (!isHandedHere && (record.refusedBy & (1 << server.node)) !== 0) {
    record.refusedEntries = [...record.refusedEntries, id];
  }
}

/** A leader writes several entries of its own at once. */
function countGroup(
  { situations }: Ledgers,
  { reignTerm }: ServerView,
  entries: readonly Entry[],
): void {
  const first = entries[0]!;
  const last = entries[entries.length - 1]!;
  if (first.term !== reignTerm || first.command === null || last.command === null) return;
  if (first.command.clientId !== last.command.clientId) situations.count(Happened.groupCommit);
}

function countTruncation(ledgers: Ledgers, server: ServerView, index: LogIndex): void {
  const { situations, log, leaders, commits, servers, configurations } = ledgers;
  situations.count(Happened.conflictTruncated);
  if (log.eras.count > 1) countRolledBack(ledgers, server, index);
  const { tip } = server.issued;
  if (leaders.nodeOf(log.termOf(tip)) === server.node) situations.count(Happened.ownTailTruncated);
  const id = server.issued.at(index);
  if (index <= commits.last && id === commits.idAt(index)) {
    situations.count(Happened.committedUnknowinglyTruncated);
    return;
  }
  let copies = 0;
  for (const { node, durable } of servers) if (durable.at(index) === id) copies |= 1 << node;
  if (configurations.isQuorum(log.configurationOf(tip), copies)) {
    situations.count(Happened.majorityEntryTruncated);
  }
}
