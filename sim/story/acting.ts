/** What a server writes, commits, applies and answers. */
import type { Entry, LogIndex } from '../../core/messages.ts';
import type { ActionRecord, StepRecord } from '../trace/format.ts';
import { indexes, names, verb } from './beat.ts';
import type { Narration } from './narration.ts';
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
  let same = 0;
  while (same < before.length && same < log.length && before[same] === log[same]) same += 1;
  if (same < before.length) tellReplaced(narrator, server, before, same);
  else if (log.length > same && isLeader) tellCreated(narrator, server, same + 1);
  else if (log.length > same) tellTaken(narrator, server, step, same + 1);
}

function tellReplaced(
  narrator: Narration,
  { node, log }: ToldServer,
  before: readonly Entry[],
  same: number,
): void {
  const old = `${indexes(same + 1, before.length)} (term ${termsOf(before, same)})`;
  const isCut = log.length === same;
  const fresh = isCut ? '' : ` by ${indexes(same + 1, log.length)} (term ${termsOf(log, same)})`;
  narrator.tell({
    nodes: [node],
    weight: 72,
    key: `replaces ${old}${fresh}`,
    text: (name) =>
      `${name} ${isCut ? verb(name, 'deletes', 'delete') : verb(name, 'replaces', 'replace')} ${old}${fresh}`,
  });
}

function tellCreated(narrator: Narration, { node, log, term }: ToldServer, first: number): void {
  const created = log.slice(first - 1);
  const commands = created.flatMap(({ command }) => (command === null ? [] : [command]));
  const place = `${indexes(first, log.length)} (term ${termsOf(log, first - 1)})`;
  if (commands.length === 0) {
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
  first: number,
): void {
  const from = step.k === 'delivered' ? ` of S${step.from}` : '';
  const place = `${indexes(first, log.length)} (term ${termsOf(log, first - 1)})`;
  narrator.tell({
    nodes: [node],
    weight: 34,
    key: `takes ${place} ${from}`,
    text: (name) => `${name} ${verb(name, 'takes', 'take')} ${place}${from}`,
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
  const there = log[prevLogIndex - 1];
  const why =
    there === undefined
      ? `its log ends at index ${log.length}`
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
  const place = indexes(first.index, last.index);
  server.applied = last.index;
  if (server.role !== 'leader') {
    narrator.tell({
      nodes: [server.node],
      weight: 8,
      key: `applies ${place}`,
      text: (name) => `${name} ${verb(name, 'applies', 'apply')} ${place}`,
    });
    return;
  }
  const holders = copiesOf(server, narrator.size, last.index);
  const acknowledged = own.some((action) => action.k === 'responded' && action.outcome === 'ok');
  narrator.tell({
    nodes: [server.node, ...holders],
    weight: acknowledged ? 62 : 54,
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

/** Answers that are no ok; what is told with a commit is told there. */
export function tellAnswers(
  narrator: Narration,
  { node }: ToldServer,
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
    narrator.tell({
      nodes: [node],
      weight: outcome === 'unknown' ? 10 : 48,
      text: (name) => `${name} answers ${outcome} to request ${requestId}`,
    });
  }
}

/** The terms of a log from a place on: "2", or "2 and 3". */
function termsOf(log: readonly Entry[], from: number): string {
  const terms = [...new Set(log.slice(from).map(({ term }) => term))];
  return terms.length < 3 ? terms.join(' and ') : `${terms[0]} to ${terms[terms.length - 1]}`;
}
