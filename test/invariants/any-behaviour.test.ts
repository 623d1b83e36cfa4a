/** Servers under test may do anything: the judge finds fault with them, and never fails itself. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AdminRequest, Write } from '../../core/contract.ts';
import type { Entry, Message } from '../../core/messages.ts';
import { Judge } from '../../invariants/judge.ts';
import { PROPERTIES } from '../../invariants/properties.ts';

const SIZE = 3;
const node = fc.integer({ min: 1, max: SIZE });
const number = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom(-3, 1.5, 1_000_000, 2 ** 40, Number.NaN) },
);
const command = fc.record({
  clientId: fc.integer({ min: -1, max: 3 }),
  seq: number,
  op: fc.constantFrom('put x 1', 'get x', 'put', ''),
});
const nodes = fc.array(fc.oneof(node, number), { maxLength: 3 });
const configuration = fc.record({ voters: nodes, newVoters: fc.option(nodes), learners: nodes });
const entry: fc.Arbitrary<Entry> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ term: number, command: fc.option(command) }) },
  {
    weight: 1,
    arbitrary: fc.record({ term: number, command: fc.constant(null), configuration }),
  },
);
const entries = fc.array(entry, { maxLength: 3 });
const request: fc.Arbitrary<AdminRequest> = fc.oneof(
  fc.record({ kind: fc.constant('changeMembership' as const), voters: nodes, learners: nodes }),
  fc.record({ kind: fc.constant('transferLeadership' as const), to: number }),
  fc.constant({ kind: 'takeSnapshot' as const }),
);

const body: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    kind: fc.constant('RequestVote' as const),
    term: number,
    candidateId: node,
    lastLogIndex: number,
    lastLogTerm: number,
  }),
  fc.record({
    kind: fc.constant('RequestVoteResponse' as const),
    term: number,
    voteGranted: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('RequestVoteResponse' as const),
    term: number,
    voteGranted: fc.boolean(),
    preVote: fc.constant(true as const),
  }),
  fc.record({ kind: fc.constant('TimeoutNow' as const), term: number, leaderId: node }),
  fc.record({
    kind: fc.constant('AppendEntries' as const),
    term: number,
    leaderId: node,
    prevLogIndex: number,
    prevLogTerm: number,
    entries,
    leaderCommit: number,
  }),
  fc.record({
    kind: fc.constant('AppendEntriesResponse' as const),
    term: number,
    success: fc.boolean(),
    matchIndex: number,
    conflictTerm: number,
    conflictIndex: number,
  }),
  fc.record({
    kind: fc.constant('InstallSnapshot' as const),
    term: number,
    leaderId: node,
    lastIncludedIndex: number,
    lastIncludedTerm: number,
    configuration,
    offset: number,
    data: fc.constantFrom('', 'x=1'),
    done: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('InstallSnapshotResponse' as const),
    term: number,
    lastIncludedIndex: number,
    nextOffset: number,
    done: fc.boolean(),
  }),
);

const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({
    kind: fc.constant('hardState' as const),
    currentTerm: number,
    votedFor: node,
    commitIndex: number,
  }),
  fc.record({ kind: fc.constant('append' as const), entries }),
  fc.record({ kind: fc.constant('truncateFrom' as const), index: number }),
  fc.record({ kind: fc.constant('overwrite' as const), index: number, entries }),
  fc.record({ kind: fc.constant('compactTo' as const), index: number }),
  fc.record({
    kind: fc.constant('snapshot' as const),
    snapshot: fc.record({
      lastIncludedIndex: number,
      lastIncludedTerm: number,
      configuration,
      data: fc.constantFrom('', 'x=1'),
    }),
  }),
);

type Act = (judge: Judge, context: { messages: number; writes: number; seqs: number }) => void;

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(node, request, fc.constantFrom('ok', 'redirect', 'rejected', 'unknown')).map(
    ([at, asked, outcome]): Act =>
      (judge, context) => {
        context.seqs += 1;
        judge.adminRequested(1, at, `o${context.seqs}`, asked);
        judge.responded(at, `o${context.seqs}`, outcome as 'ok', 0, null);
        judge.stepEnded(at);
      },
  ),
  fc.tuple(node, node, body).map(
    ([from, to, sent]): Act =>
      (judge, context) => {
        context.messages += 1;
        const stamp = judge.sent(from, to, context.messages, 1, sent);
        judge.stepEnded(from);
        judge.delivered(1, to, from, context.messages, stamp, sent);
        judge.stepEnded(to);
      },
  ),
  fc.tuple(node, write, fc.boolean()).map(
    ([at, written, isDurable]): Act =>
      (judge, context) => {
        context.writes += 1;
        judge.persistIssued(at, context.writes, written.kind, 0, written);
        if (isDurable) judge.persisted(1, at, context.writes);
        judge.stepEnded(at);
      },
  ),
  fc.tuple(node, number, entry).map(
    ([at, index, applied]): Act =>
      (judge) => {
        judge.applied(at, index, applied);
        judge.stepEnded(at);
      },
  ),
  fc.tuple(node, number, number).map(
    ([at, asked, restored]): Act =>
      (judge) => {
        judge.snapshotAsked(at, asked);
        judge.snapshotTaken(1, at, asked, 'x=1');
        judge.restored(at, restored, 'x=1');
        judge.stepEnded(at);
      },
  ),
  fc.tuple(node, fc.integer({ min: 0, max: 2 })).map(
    ([at, kept]): Act =>
      (judge, context) => {
        judge.persistIssued(at, context.writes + 1, 'log', 0, {
          kind: 'append',
          entries: [
            { term: 1, command: null },
            { term: 1, command: null },
          ],
        });
        judge.crashed(1, at, kept === 2 ? [] : [{ writeId: context.writes + 1, kept }]);
        judge.started(1, at, 1, 0);
        context.writes += 1;
      },
  ),
  fc.tuple(node, command, fc.constantFrom('ok', 'redirect', 'rejected', 'unknown')).map(
    ([at, asked, outcome]): Act =>
      (judge, context) => {
        context.seqs += 1;
        const known = { clientId: 1, seq: context.seqs, op: asked.op };
        judge.invoked(1, 1, context.seqs, known.op, false);
        judge.requested(1, at, [{ id: `${context.seqs}`, command: known, readOnly: false }]);
        judge.responded(at, `${asked.seq}`, outcome as 'ok', 0, null);
        judge.returned(1, 1, context.seqs, outcome === 'ok' ? 'ok' : 'info', null);
      },
  ),
);

describe('whatever servers do', () => {
  test('the judge has a verdict, and says it with properties that exist', () => {
    const ids = new Set(PROPERTIES.map(({ id }) => id));
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const judge = new Judge({
          size: SIZE,
          members: SIZE,
          electionMsMax: 300,
          heartbeatMs: 50,
          sessionExpiryMs: 0,
          preVote: false,
          checkQuorum: false,
          disabled: new Set(),
          stopAtFirst: false,
        });
        for (let at = 1; at <= SIZE; at += 1) judge.started(0, at, 0, 0);
        const context = { messages: 0, writes: 0, seqs: 0 };
        for (const step of acts) step(judge, context);
        for (const phase of ['heal', 'quiet', 'traffic', 'end'] as const) {
          judge.phaseBegan(2, phase, [1, 2, 3]);
          judge.inspected(3);
          judge.stateInspected(3, 1, 0, []);
        }
        for (const { property } of judge.violations) expect(ids.has(property)).toBe(true);
        expect(judge.pendingReason()).toMatch(/\.$/);
      }),
      { numRuns: 500 },
    );
  });
});
