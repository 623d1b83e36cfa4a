/**
 * What a line of a trace may hold, field by field, checked by hand: a trace has a million fields,
 * and a wrong one deserves a sentence that names it.
 */
import type { AdminRequest, Write } from '../../core/contract.ts';
import type { Message } from '../../core/messages.ts';
import type { OpaqueMessage, OpaqueWrite } from '../kernel/opaque.ts';
import { nearestName, show, unexpected } from '../usage-error.ts';
import {
  byKind,
  type Check,
  type Fields,
  flag,
  given,
  having,
  isObject,
  listOf,
  node,
  nodeOrNone,
  number,
  oneOf,
  optional,
  present,
  text,
  textOrNull,
  whole,
} from './field-checks.ts';
import type { ActionRecord, StepEvent, WorldRecord } from './format.ts';

const configuration = having('a configuration', {
  voters: listOf(number),
  newVoters: (value) => (value === null ? null : listOf(number)(value)),
  learners: listOf(number),
});
const snapshot = having('a snapshot', {
  lastIncludedIndex: number,
  lastIncludedTerm: number,
  configuration,
  data: text,
});
const adminRequest = byKind(
  'a request',
  {
    changeMembership: having('a request', { voters: listOf(node), learners: listOf(node) }),
    transferLeadership: having('a request', { to: node }),
    takeSnapshot: having('a request', {}),
  } satisfies Record<AdminRequest['kind'], Check>,
  false,
);
const command = having('a command', {
  clientId: number,
  seq: number,
  op: text,
  session: optional(number),
});
const entry = having('an entry', {
  term: number,
  command: (value) => (value === null ? null : command(value)),
  configuration: optional(configuration),
  wallClock: optional(number),
});
const request = having('a request', { id: text, command, readOnly: flag });
const survivor = having('a write', {
  writeId: whole,
  kept: (value) => (value === -1 ? null : whole(value) && 'a count or -1'),
});
const pair: Check = (value) =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')
    ? null
    : 'a pair [key, value]';

/** Foreign bodies pass as they are, and those of programs, with what they say that they mean. */
const body = byKind(
  'a body',
  {
    Opaque: having('a body of a program', { term: number, body: given, about: given }),
    RequestVote: having('a RequestVote', {
      term: number,
      candidateId: number,
      lastLogIndex: number,
      lastLogTerm: number,
      preVote: present,
      leadershipTransfer: present,
    }),
    RequestVoteResponse: having('a RequestVoteResponse', {
      term: number,
      voteGranted: flag,
      preVote: present,
    }),
    AppendEntries: having('an AppendEntries', {
      term: number,
      leaderId: number,
      prevLogIndex: number,
      prevLogTerm: number,
      entries: listOf(entry),
      leaderCommit: number,
      round: optional(number),
    }),
    AppendEntriesResponse: having('an AppendEntriesResponse', {
      term: number,
      success: flag,
      matchIndex: number,
      conflictTerm: number,
      conflictIndex: number,
      round: optional(number),
    }),
    InstallSnapshot: having('an InstallSnapshot', {
      term: number,
      leaderId: number,
      lastIncludedIndex: number,
      lastIncludedTerm: number,
      configuration,
      offset: number,
      data: text,
      done: flag,
      round: optional(number),
    }),
    InstallSnapshotResponse: having('an InstallSnapshotResponse', {
      term: number,
      lastIncludedIndex: number,
      nextOffset: number,
      done: flag,
      round: optional(number),
    }),
    TimeoutNow: having('a TimeoutNow', { term: number, leaderId: number }),
  } satisfies Record<Message['kind'] | OpaqueMessage['kind'], Check>,
  true,
);

const list = listOf(given);
/** By the one key that it has. */
const writesOfPrograms: Fields = {
  put: (value) => (isObject(value) ? null : 'values by key'),
  append: list,
  truncateFrom: number,
  overwrite: having('a write', { index: number, entries: list }),
  compactTo: number,
};

function writeOfProgram(value: unknown): string | null {
  const [key, ...more] = isObject(value) ? Object.keys(value) : [];
  const check = key === undefined || more.length > 0 ? undefined : writesOfPrograms[key];
  if (check === undefined) return `one of ${Object.keys(writesOfPrograms).join(', ')}`;
  const expected = check((value as Readonly<Record<string, unknown>>)[key!]);
  return expected && `a write in which ${key} is ${expected}`;
}

const write = byKind(
  'a write',
  {
    hardState: having('a write', { currentTerm: number, votedFor: number, commitIndex: number }),
    append: having('a write', { entries: listOf(entry) }),
    truncateFrom: having('a write', { index: number }),
    overwrite: having('a write', { index: number, entries: listOf(entry) }),
    compactTo: having('a write', { index: number }),
    snapshot: having('a write', { snapshot }),
    opaque: having('a write', { write: writeOfProgram }),
  } satisfies Record<Write['kind'] | OpaqueWrite['kind'], Check>,
  false,
);

/** The fields of each kind of record but for `k`; the compiler sees to it that none is missing. */
type FieldsOf<R extends { readonly k: string }> = {
  readonly [K in R['k']]: { readonly [F in Exclude<keyof Extract<R, { k: K }>, 'k'>]: Check };
};

const STEPS: FieldsOf<StepEvent> = {
  started: { cause: whole, boot: whole, applied: whole },
  delivered: { cause: whole, from: node, messageId: whole, body },
  fired: { cause: whole, timer: text },
  requested: { cause: whole, requests: listOf(request) },
  persisted: { cause: whole, writeId: whole },
  persistFailed: { cause: whole, writeId: whole, error: text },
  snapshotTaken: { cause: whole, index: number, data: text },
  adminRequested: { cause: whole, requestId: text, request: adminRequest },
};

const ACTIONS: FieldsOf<ActionRecord> = {
  sent: { to: node, messageId: whole, copies: whole, body },
  timerSet: { timer: text, minMs: number, maxMs: number },
  timerCancelled: { timer: text },
  persistIssued: { writeId: whole, stream: text, after: whole, write },
  applied: { index: number, entry },
  snapshotAsked: { index: number },
  restored: { index: number, data: text },
  responded: {
    requestId: text,
    outcome: oneOf('ok', 'redirect', 'rejected', 'unknown'),
    hint: number,
    value: textOrNull,
  },
  claimed: { role: oneOf('follower', 'candidate', 'leader'), term: number },
  halted: { reason: text },
  noted: { text },
};

const WORLD: FieldsOf<WorldRecord> = {
  struck: { t: whole, n: nodeOrNone, place: whole },
  crashed: { t: whole, n: node, survivors: listOf(survivor) },
  wiped: { t: whole, n: node },
  paused: { t: whole, n: node },
  resumed: { t: whole, n: node },
  blocked: { t: whole, links: listOf(whole) },
  prepared: { t: whole, n: node, currentTerm: whole, votedFor: nodeOrNone, entries: listOf(entry) },
  phaseBegan: {
    t: whole,
    phase: oneOf('chaos', 'heal', 'quiet', 'traffic', 'end'),
    core: listOf(node),
  },
  inspected: { t: whole },
  stateInspected: { t: whole, n: node, index: whole, contents: listOf(pair) },
  invoked: { t: whole, clientId: whole, seq: whole, op: text, readOnly: flag },
  returned: {
    t: whole,
    clientId: whole,
    seq: whole,
    outcome: oneOf('ok', 'fail', 'info'),
    value: textOrNull,
  },
};

const STEP_FRAME: Fields = {
  i: whole,
  t: whole,
  n: node,
  actions: listOf((value) => (isObject(value) ? null : 'an action')),
  ends: oneOf('done', 'crashed', 'open'),
};

const LINE_KINDS = fieldsByKind([WORLD, STEPS]);
const ITEM_KINDS = fieldsByKind([WORLD, ACTIONS]);
for (const [kind, fields] of Object.entries(STEPS))
  LINE_KINDS.set(kind, { ...STEP_FRAME, ...fields });

/** Throws a UsageError when this is no record of a trace. `where` is, for example, "line 3". */
export function checkRecord(value: unknown, where: string): void {
  checkFields(value, LINE_KINDS, where);
  const { actions } = value as { readonly actions?: readonly unknown[] };
  if (actions === undefined) return;
  for (let i = 0; i < actions.length; i += 1) {
    checkFields(actions[i], ITEM_KINDS, `${where}, actions[${i}]`);
  }
}

/** Throws a UsageError when this is no action of a server. */
export function checkAction(value: unknown, where: string): void {
  checkFields(value, ITEM_KINDS, where);
}

function checkFields(value: unknown, kinds: ReadonlyMap<string, Fields>, where: string): void {
  if (!isObject(value)) throw wrong('a fact', value, where, null);
  const { k } = value;
  const fields = typeof k === 'string' ? kinds.get(k) : undefined;
  if (fields === undefined) {
    const nearest = typeof k === 'string' ? nearestName(k, [...kinds.keys()]) : null;
    throw wrong('the name of a fact', k, `${where}, k`, nearest);
  }
  for (const name of Object.keys(fields)) {
    const expected = fields[name]!(value[name]);
    if (expected !== null) throw wrong(expected, value[name], `${where}, ${name}`, null);
  }
  for (const name of Object.keys(value)) {
    if (name === 'k' || Object.hasOwn(fields, name)) continue;
    const known = Object.keys(fields);
    throw wrong(`no field but ${known.join(', ')}`, name, where, nearestName(name, known));
  }
}

function wrong(expected: string, got: unknown, where: string, nearest: string | null): Error {
  return unexpected({ expected, got: show(got), where, nearest });
}

function fieldsByKind(tables: readonly Readonly<Record<string, Fields>>[]): Map<string, Fields> {
  return new Map(tables.flatMap((table) => Object.entries(table)));
}
