/** A state machine holds what the committed log makes of it. */
import type { LogIndex, NodeId } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { StateShown } from '../ledgers/replay.ts';
import type { Property } from '../property.ts';
import { reportStateTwice } from './exactly-once.ts';

export const stateEqualsLog: Property = {
  id: 'state-equals-log',
  title: 'Replay',
  sentence:
    'The state machine of a server, and every snapshot of it, holds exactly what carrying out the committed log through its last applied index gives: keys, sessions and logged time.',
  section: '§2, §5.4.3, §7',
  kind: 'client',
  facts: ['stateInspected', 'snapshotTaken', 'sent', 'applied'],
};

/** What a state machine shows of itself. */
export function checkState(
  ledgers: Ledgers,
  node: NodeId,
  index: LogIndex,
  contents: readonly (readonly [string, string])[],
): void {
  const { replay, commits } = ledgers;
  if (index > commits.last) {
    report(
      ledgers,
      node,
      'beyond-commits',
      `has applied index ${index}, and ${commits.last} entries are committed`,
    );
    return;
  }
  if (index < replay.base || index > replay.last) return;
  checkKeys(ledgers, node, index, new Map(contents));
}

/** A snapshot of what a server has applied through `index`, in the form that the bench's own has. */
export function checkSnapshotState(
  ledgers: Ledgers,
  node: NodeId,
  index: LogIndex,
  data: string,
): void {
  const { replay } = ledgers;
  if (!ledgers.wants(stateEqualsLog) || index < replay.base || index > replay.last) return;
  const shown = readSnapshot(data);
  if (shown === null) return;
  const { clock, keys, sessions } = replay.stateAt(index);
  checkKeys(ledgers, node, index, new Map(shown.keys.map(([key, value]) => [key, value])));
  if (JSON.stringify(shown.sessions) !== JSON.stringify(sessions)) {
    const [held, expected] = [shown.sessions.length, sessions.length];
    const what =
      held === expected
        ? 'has other sessions in its snapshot'
        : `has ${held} sessions in its snapshot instead of ${expected}`;
    report(ledgers, node, 'sessions-differ', `${what} at index ${index}`);
  }
  if (JSON.stringify([shown.clock, shown.keys]) === JSON.stringify([clock, keys])) return;
  const what = `has other times in its snapshot at index ${index} than were logged`;
  report(ledgers, node, 'times-differ', what);
}

function checkKeys(
  ledgers: Ledgers,
  node: NodeId,
  index: LogIndex,
  found: ReadonlyMap<string, string>,
): void {
  const { keys } = ledgers.replay;
  const expected = new Map(keys.contentsAt(index).map(([key, value]) => [key, value]));
  const key = firstDifference(expected, found);
  if (key === null) return;
  const [held, meant] = [found.get(key), expected.get(key)];
  if (held !== undefined && held === ledgers.replay.readTwice(`get ${key}`, index)) {
    reportStateTwice(ledgers, node, index, key);
  }
  report(
    ledgers,
    node,
    'state-differs',
    `holds ${quote(held)} under ${key} at index ${index}, and the committed log gives ${quote(meant)}`,
  );
}

function firstDifference(
  expected: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): string | null {
  for (const [key, value] of found) if (expected.get(key) !== value) return key;
  for (const key of expected.keys()) if (!found.has(key)) return key;
  return null;
}

/** null for the text of somebody else. */
function readSnapshot(data: string): StateShown | null {
  try {
    const shown = JSON.parse(data) as StateShown;
    return Array.isArray(shown.keys) && Array.isArray(shown.sessions) ? shown : null;
  } catch {
    return null;
  }
}

function quote(value: string | undefined): string {
  return value === undefined ? 'nothing' : `"${value}"`;
}

function report(ledgers: Ledgers, node: NodeId, rule: string, what: string): void {
  ledgers.report(stateEqualsLog, {
    node,
    rule,
    relation: 'differs',
    detail: `The state machine of S${node} ${what}.`,
    messageKind: 'none',
  });
}
