/** What several criteria ask: each answer is null, or one sentence that says what is wrong. */
import type { Entry, LogIndex, NodeId, Term } from '../core/messages.ts';
import { showConfiguration } from './configurations.ts';
import { type DiskState, entryAt, lastIndexOf } from './disk-image.ts';
import type { RunRecord } from './run-record.ts';

/** At most one server leads in a term, over the whole run (§5.2). */
export function oneLeaderPerTerm(record: RunRecord): string | null {
  const leaderOf = new Map<Term, NodeId>();
  for (const { term, node } of record.leaders()) {
    const known = leaderOf.get(term);
    if (known !== undefined && known !== node) {
      return `S${known} and S${node} both lead term ${term}.`;
    }
    leaderOf.set(term, node);
  }
  return null;
}

/** The server that leads the highest term; null when nobody ever led. */
export function lastLeader(record: RunRecord): { node: NodeId; term: Term } | null {
  const leaders = record.leaders();
  leaders.sort((a, b) => a.term - b.term);
  return leaders.at(-1) ?? null;
}

/** At the end these servers are in the term of the last leader, with the same log on disk. */
export function logsAgree(record: RunRecord, nodes: readonly NodeId[]): string | null {
  const leader = lastLeader(record);
  if (leader === null) return 'Nobody ever led.';
  const wanted = record.durableOf(leader.node);
  for (const node of nodes) {
    const disk = record.durableOf(node);
    const { currentTerm } = disk;
    if (currentTerm !== leader.term) {
      return `S${node} ends in term ${currentTerm}, S${leader.node} leads term ${leader.term}.`;
    }
    if (!endsAlike(disk, wanted)) {
      return `S${node} ends with log ${showTerms(disk.log)}, its leader S${leader.node} with ${showTerms(wanted.log)}.`;
    }
  }
  return null;
}

/** The same last index, and the same entries wherever both logs still hold them. */
function endsAlike(disk: DiskState, other: DiskState): boolean {
  const lastIndex = lastIndexOf(disk);
  if (lastIndex !== lastIndexOf(other)) return false;
  for (let i = Math.max(disk.firstIndex, other.firstIndex); i <= lastIndex; i += 1) {
    const entry = entryAt(disk, i);
    const wanted = entryAt(other, i);
    if (entry !== null && wanted !== null && !isSameEntry(entry, wanted)) return false;
  }
  return true;
}

/**
 * Whoever applies an index applies the same entry there, and each life applies 1, 2, 3, …, or what
 * comes behind the snapshot that it was restored from (§5.4.3).
 */
export function appliesAgree(record: RunRecord): string | null {
  const canonical: Entry[] = [];
  const next = new Map<string, LogIndex>();
  for (const { node, boot, order, index, entry } of record.applies) {
    const life = `${node} ${boot}`;
    const restored = record.restores.findLast(
      (item) => item.node === node && item.boot === boot && item.order < order,
    );
    const expected = Math.max(next.get(life) ?? 1, (restored?.index ?? 0) + 1);
    if (index !== expected) return `S${node} applies index ${index}, its next is ${expected}.`;
    next.set(life, index + 1);
    const known = canonical[index - 1];
    if (known === undefined) canonical[index - 1] = entry;
    else if (!isSameEntry(known, entry)) {
      return `S${node} applies ${showEntry(entry)} at index ${index}, another server ${showEntry(known)}.`;
    }
  }
  return null;
}

/** These servers end with all entries through this index applied, and no more. */
export function appliedThrough(
  record: RunRecord,
  nodes: readonly NodeId[],
  index: LogIndex,
): string | null {
  for (const node of nodes) {
    const applied = record.appliedIndexOf(node);
    if (applied !== index) {
      return `S${node} ends with ${applied} entries applied instead of ${index}.`;
    }
  }
  return null;
}

/** Some server applies this command. */
export function isApplied(record: RunRecord, op: string): boolean {
  return record.applies.some(({ entry }) => entry.command?.op === op);
}

/** Index of the command in a log, 0 when it is not there. */
export function indexOfCommand(log: readonly Entry[], op: string): LogIndex {
  return log.findIndex(({ command }) => command?.op === op) + 1;
}

/** Which servers hold this command in the log on their disk, just before `order`. */
export function holdersOf(record: RunRecord, op: string, order?: number): NodeId[] {
  return record.nodes.filter((node) => indexOfCommand(record.durableOf(node, order).log, op) > 0);
}

export function isSameLog(log: readonly Entry[], other: readonly Entry[]): boolean {
  return log.length === other.length && log.every((entry, i) => isSameEntry(entry, other[i]!));
}

export function isSameEntry(a: Entry, b: Entry): boolean {
  if (a.term !== b.term) return false;
  if (a.configuration !== undefined || b.configuration !== undefined) {
    return isSameConfiguration(a, b);
  }
  if (a.command === null || b.command === null) return a.command === b.command;
  return a.command.clientId === b.command.clientId && a.command.seq === b.command.seq;
}

function isSameConfiguration({ configuration: a }: Entry, { configuration: b }: Entry): boolean {
  return a !== undefined && b !== undefined && showConfiguration(a) === showConfiguration(b);
}

/** More entries than this are shown as runs. */
const SHOWN_TERMS_MAX = 20;

/** The terms of the entries, as in the figures of the paper: "1 1 2"; of long logs "31×1 60×4". */
export function showTerms(log: readonly Entry[]): string {
  if (log.length === 0) return '(empty)';
  if (log.length <= SHOWN_TERMS_MAX) return log.map(({ term }) => term).join(' ');
  const counts = new Map<Term, number>();
  for (const { term } of log) counts.set(term, (counts.get(term) ?? 0) + 1);
  return [...counts].map(([term, count]) => `${count}×${term}`).join(' ');
}

export function showEntry({ term, command, configuration }: Entry): string {
  if (configuration !== undefined) {
    return `configuration ${showConfiguration(configuration)} of term ${term}`;
  }
  return `"${command?.op ?? 'no-op'}" of term ${term}`;
}
