/** What a server writes, commits, applies and answers. */
import type { LogIndex } from '../../core/messages.ts';
import type { ActionRecord, StepRecord } from '../trace/format.ts';
import { indexes, names, verb } from './beat.ts';
import { configurationAmong, tellConfiguration } from './configuring.ts';
import type { Narration } from './narration.ts';
import { entriesFrom, entryAt, firstDifference, lastOf, type ToldLog } from './told-log.ts';
import type { ToldServer } from './told-server.ts';

/** Writes to the log; others only move the view. */
export function tellWrites(
  narrator: Narration,
  server: ToldServer,
  step: StepRecord,
  own: readonly ActionRecord[],
): void {
  const before = server.log;
  const isLeader = server.role === 'leader';
  for (const action of own) {
    if (action.k !== 'persistIssued') continue;
    server.issue(action.writeId, action.stream, action.write);
  }
  const { log } = server;
  const first = firstDifference(before, log);
  const last = lastOf(log);
  if (first <= lastOf(before)) tellReplaced(narrator, server, before, first);
  else if (last >= first && isLeader) tellCreated(narrator, server, first);
  else if (last >= first) tellTaken(narrator, server, step, first);
}

function tellReplaced(
  narrator: Narration,
  { node, log }: ToldServer,
  before: ToldLog,
  first: LogIndex,
): void {
  const old = `${indexes(first, lastOf(before))} (term ${termsOf(before, first)})`;
  const last = lastOf(log);
  const isCut = last < first;
  const fresh = isCut ? '' : ` by ${indexes(first, last)} (term ${termsOf(log, first)})`;
  const known = isCut ? '' : configurationAmong(entriesFrom(log, first));
  narrator.tell({
    nodes: [node],
    weight: 72,
    key: `replaces ${old}${fresh}`,
    text: (name) =>
      `${name} ${isCut ? verb(name, 'deletes', 'delete') : verb(name, 'replaces', 'replace')} ${old}${fresh}${known}`,
  });
}

function tellCreated(narrator: Narration, server: ToldServer, first: LogIndex): void {
  const { node, log, term } = server;
  const created = entriesFrom(log, first);
  const commands = created.flatMap(({ command }) => (command === null ? [] : [command]));
  const place = `${indexes(first, lastOf(log))} (term ${termsOf(log, first)})`;
  created.forEach(({ configuration }, i) => {
    if (configuration !== undefined) tellConfiguration(narrator, server, configuration, first + i);
  });
  if (commands.length === 0) {
    if (created.some(({ configuration }) => configuration !== undefined)) return;
    narrator.tell({
      nodes: [node],
      weight: 24,
      text: (name) => `${name} appends a no-op, ${place}`,
      within: `leads ${term} ${node}`,
    });
    return;
  }
  const shown = commands.slice(0, 2).map(({ op }) => `"${op}"`);
  const more = commands.length - shown.length;
  const what = `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  narrator.tell({
    nodes: [node],
    weight: 56,
    text: (name) => `${name} appends ${what} as ${place}`,
  });
}

function tellTaken(
  narrator: Narration,
  { node, log }: ToldServer,
  step: StepRecord,
  first: LogIndex,
): void {
  const from = step.k === 'delivered' ? ` of S${step.from}` : '';
  const known = configurationAmong(entriesFrom(log, first));
  const place = `${indexes(first, lastOf(log))} (term ${termsOf(log, first)})`;
  narrator.tell({
    nodes: [node],
    weight: known === '' ? 34 : 42,
    key: `takes ${place} ${from}`,
    text: (name) => `${name} ${verb(name, 'takes', 'take')} ${place}${from}${known}`,
  });
}

/** AppendEntries is refused, in the step in which it came. */
export function tellRefusal(
  narrator: Narration,
  { node, log, term }: ToldServer,
  step: StepRecord,
  own: readonly ActionRecord[],
): void {
  if (step.k !== 'delivered' || step.body.kind !== 'AppendEntries') return;
  const { body, from } = step;
  const isRefused = own.some(
    (action) =>
      action.k === 'sent' && action.body.kind === 'AppendEntriesResponse' && !action.body.success,
  );
  if (!isRefused || body.term < term) return;
  const { prevLogIndex, prevLogTerm } = body;
  const there = entryAt(log, prevLogIndex);
  const why =
    there === undefined
      ? `its log ends at index ${lastOf(log)}`
      : `its entry there is of term ${there.term}`;
  narrator.tell({
    nodes: [node],
    weight: 38,
    text: (name) =>
      `${name} refuses AppendEntries of S${from} behind index ${prevLogIndex} (term ${prevLogTerm}): ${why}`,
  });
}

/** A leader commits; others apply what they are told. */
export function tellApplied(
  narrator: Narration,
  server: ToldServer,
  own: readonly ActionRecord[],
): void {
  const applied = own.filter((action) => action.k === 'applied');
  const [first] = applied;
  if (first === undefined) return;
  const last = applied[applied.length - 1]!;
  const entries = applied.map(({ entry }) => entry);
  const known = configurationAmong(entries);
  const place = `${indexes(first.index, last.index)}${known}`;
  for (const { index, entry } of applied) server.apply(index, entry);
  if (server.role !== 'leader') {
    narrator.tell({
      nodes: [server.node],
      weight: known === '' ? 8 : 24,
      key: `applies ${place}`,
      text: (name) => `${name} ${verb(name, 'applies', 'apply')} ${place}`,
    });
    return;
  }
  const holders = copiesOf(server, narrator.size, last.index);
  const acknowledged = own.some((action) => action.k === 'responded' && action.outcome === 'ok');
  narrator.tell({
    nodes: [server.node, ...holders],
    weight: acknowledged || known !== '' ? 62 : 54,
    text: (_) =>
      `S${server.node} commits ${place}${holders.length === 0 ? '' : `, which ${names(holders)} ${holders.length === 1 ? 'has' : 'have'} confirmed`}` +
      `${acknowledged ? ', and tells the client' : ''}`,
  });
}

function copiesOf({ successes }: ToldServer, size: number, index: LogIndex): number[] {
  const holders: number[] = [];
  for (let node = 1; node <= size; node += 1) {
    if ((successes[node] ?? 0) >= index) holders.push(node);
  }
  return holders;
}

/** Requests that are neither appended nor answered in the step in which they came. */
export function tellWaiting(
  narrator: Narration,
  { node }: ToldServer,
  step: StepRecord,
  own: readonly ActionRecord[],
): void {
  if (step.k !== 'requested') return;
  const isTaken = own.some((action) => action.k === 'responded' || action.k === 'persistIssued');
  if (isTaken) return;
  const asked = step.requests.map(({ command }) => `"${command.op}"`).join(', ');
  narrator.tell({
    nodes: [node],
    isArrival: true,
    weight: 46,
    text: (name) => `${name} is asked for ${asked}, and neither appends nor answers it`,
  });
}

/** Answers that are no ok; what is told with a commit, or to operators, is told there. */
export function tellAnswers(
  narrator: Narration,
  { node, adminRequests, reads }: ToldServer,
  own: readonly ActionRecord[],
): void {
  const isCommit = own.some((action) => action.k === 'applied');
  for (const action of own) {
    if (action.k === 'halted') {
      const { reason } = action;
      narrator.tell({
        nodes: [node],
        weight: 84,
        text: (name) => `${name} stops itself: ${reason}`,
      });
    }
    if (action.k !== 'responded' || action.outcome === 'redirect') continue;
    if (action.outcome === 'ok' && isCommit) continue;
    const { outcome, requestId } = action;
    const isRead = outcome === 'ok' && reads.has(requestId);
    if (isRead || adminRequests.has(requestId)) continue;
    narrator.tell({
      nodes: [node],
      weight: outcome === 'unknown' ? 10 : 48,
      text: (name) => `${name} answers ${outcome} to request ${requestId}`,
    });
  }
}

/** The terms of a log from a place on: "2", or "2 and 3". */
function termsOf(log: ToldLog, first: LogIndex): string {
  const terms = [...new Set(entriesFrom(log, first).map(({ term }) => term))];
  return terms.length < 3 ? terms.join(' and ') : `${terms[0]} to ${terms[terms.length - 1]}`;
}
