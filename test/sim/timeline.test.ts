import { describe, expect, it } from 'vitest';
import type { Configuration, Entry, Snapshot } from '../../core/messages.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import { run } from '../../sim/run.ts';
import { columnsOf, formatTimelineLine } from '../../sim/timeline/format-line.ts';
import { type TimelineLine, TimelineRecorder, timelineOf } from '../../sim/timeline/timeline.ts';
import { reference } from './implementations.ts';
import { judged, traced } from './traced.ts';

const put = (seq: number): Entry => ({
  term: 1,
  command: { clientId: 1, seq, op: `put x0 1.${seq}` },
});

/** What the facts that `tell` raises look like. */
function linesOf(tell: (facts: TimelineRecorder) => void, withTimers = false): string {
  const lines: string[] = [];
  const recorder = new TimelineRecorder((line) => {
    lines.push(formatTimelineLine(line, { withTimers }));
  });
  tell(recorder);
  recorder.closeOpenStep();
  return `\n${lines.join('\n')}\n`;
}

describe('the timeline', () => {
  it('tells an election and a replicated entry', () => {
    const story = linesOf((facts) => {
      facts.phaseBegan(0, 'chaos', [1, 2, 3]);
      facts.started(0, 1, 0, 0);
      facts.claimed(1, 'follower', 0);
      facts.timerSet(1, 'election', 150, 300);
      facts.stepEnded(1);
      facts.fired(153_204, 1, 'election');
      facts.claimed(1, 'candidate', 1);
      facts.persistIssued(1, 1, 'hardState', 0, {
        kind: 'hardState',
        currentTerm: 1,
        votedFor: 1,
        commitIndex: 0,
      });
      facts.stepEnded(1);
      facts.persisted(153_900, 1, 1);
      const request = {
        kind: 'RequestVote',
        term: 1,
        candidateId: 1,
        lastLogIndex: 0,
        lastLogTerm: 0,
      } as const;
      facts.sent(1, 2, 1, 1, request);
      facts.sent(1, 3, 2, 1, request);
      facts.stepEnded(1);
      facts.delivered(155_000, 1, 2, 3, 0, {
        kind: 'RequestVoteResponse',
        term: 1,
        voteGranted: true,
      });
      facts.claimed(1, 'leader', 1);
      facts.timerCancelled(1, 'election');
      facts.persistIssued(1, 2, 'log', 0, {
        kind: 'append',
        entries: [{ term: 1, command: null }],
      });
      facts.stepEnded(1);
      facts.invoked(156_000, 1, 1, 'put x0 1.1', false);
      facts.requested(156_300, 1, [{ id: '1.1/1', command: put(1).command!, readOnly: false }]);
      facts.persistIssued(1, 3, 'log', 0, { kind: 'append', entries: [put(1), put(2)] });
      const append = {
        kind: 'AppendEntries',
        term: 1,
        leaderId: 1,
        prevLogIndex: 1,
        prevLogTerm: 1,
        entries: [put(1), put(2)],
        leaderCommit: 0,
      } as const;
      facts.sent(1, 2, 4, 1, append);
      facts.sent(1, 3, 5, 0, append);
      facts.stepEnded(1);
      facts.persisted(156_800, 1, 3);
      facts.applied(1, 1, { term: 1, command: null });
      facts.applied(1, 2, put(1));
      facts.applied(1, 3, put(2));
      facts.responded(1, '1.1/1', 'ok', 0, 'old "value"');
      facts.returned(156_800, 1, 1, 'ok', null);
      facts.stepEnded(1);
    });
    expect(story).toMatchInlineSnapshot(`
      "
                   0.000                   chaos begins, core S1 S2 S3
           1       0.000 S1  down          starts → is follower of term 0
           2     153.204 S1  follower 0    election timer runs out → is candidate of term 1; persists term 1 vote S1
           3     153.900 S1  candidate 1   write 1 is durable: term 1 vote S1 → sends RequestVote term 1 last 0/0 to S2 S3
           4     155.000 S1  candidate 1   RequestVoteResponse from S2 term 1 granted → is leader of term 1; persists append 1
                 156.000                   client 1 invokes 1.1 put x0 1.1
           5     156.300 S1  leader 1      request 1.1 put x0 1.1 → persists append 2-3; sends AppendEntries term 1 prev 1/1 +2 commit 0 to S2; sends AppendEntries term 1 prev 1/1 +2 commit 0 to S3 (lost)
           6     156.800 S1  leader 1      write 3 is durable: append 2-3 → applies 1-3; answers 1.1/1 ok "old \\"value\\""; client 1 gets 1.1 ok
      "
    `);
  });

  it('tells what goes wrong', () => {
    const story = linesOf((facts) => {
      facts.prepared(2, 2, 0, [put(1), put(2), put(3)]);
      facts.prepared(3, 1, 1, []);
      facts.started(0, 2, 0, 0);
      facts.claimed(2, 'follower', 2);
      facts.stepEnded(2);
      facts.delivered(1_000, 2, 1, 1, 0, {
        kind: 'AppendEntries',
        term: 3,
        leaderId: 1,
        prevLogIndex: 2,
        prevLogTerm: 1,
        entries: [put(4)],
        leaderCommit: 0,
      });
      facts.persistIssued(2, 1, 'hardState', 0, {
        kind: 'hardState',
        currentTerm: 3,
        votedFor: 0,
        commitIndex: 0,
      });
      facts.persistIssued(2, 2, 'log', 1, { kind: 'truncateFrom', index: 3 });
      facts.persistIssued(2, 3, 'log', 1, { kind: 'append', entries: [put(4), put(5)] });
      facts.stepEnded(2);
      facts.persisted(1_200, 2, 1);
      facts.stepEnded(2);
      facts.blocked(2_000, [10, 17]);
      facts.paused(2_000, 2);
      facts.resumed(2_500, 2);
      facts.delivered(2_600, 2, 1, 2, 0, {
        kind: 'RequestVote',
        term: 3,
        candidateId: 1,
        lastLogIndex: 1,
        lastLogTerm: 1,
      });
      facts.sent(2, 1, 3, 2, { kind: 'RequestVoteResponse', term: 3, voteGranted: false });
      facts.crashed(2_600, 3, []);
      facts.noted(2, 'not up to date');
      facts.crashed(2_600, 2, [
        { writeId: 2, kept: -1 },
        { writeId: 3, kept: 1 },
      ]);
      facts.blocked(3_000, []);
      facts.started(4_000, 2, 1, 0);
      facts.claimed(2, 'follower', 3);
      facts.persistIssued(2, 1, 'log', 0, { kind: 'append', entries: [put(6)] });
      facts.persistIssued(2, 2, 'log', 0, { kind: 'overwrite', index: 2, entries: [put(7)] });
      facts.responded(2, '1.6/1', 'redirect', 1, null);
      facts.sent(2, 1, 4, 1, {
        kind: 'AppendEntriesResponse',
        term: 3,
        success: false,
        matchIndex: 0,
        conflictTerm: 1,
        conflictIndex: 2,
      });
      facts.halted(2, 'bad disk');
      facts.crashed(4_000, 2, []);
      facts.returned(5_000, 1, 6, 'info', null);
      facts.inspected(6_000);
      facts.stateInspected(6_000, 1, 3, [['x0', '1.3']]);
    });
    expect(story).toMatchInlineSnapshot(`
      "
                   0.000 S2  down          has on disk term 2 vote none, log terms 1 1 1
                   0.000 S3  down          has on disk term 1 vote S1, no log
           1       0.000 S2  down          starts → is follower of term 2
           2       1.000 S2  follower 2    AppendEntries from S1 term 3 prev 2/1 +1 commit 0 → persists term 3 vote none; persists truncate from 3; persists append 3-4
           3       1.200 S2  follower 3    write 1 is durable: term 3 vote none
                   2.000                   links cut: 1>2 2>1
                   2.000 S2  follower 3    is paused
                   2.500 S2  paused        goes on
           4       2.600 S2  follower 3    RequestVote from S1 term 3 last 1/1 → sends RequestVoteResponse term 3 refused to S1 (twice); S3 crashes, no write unfinished; notes: not up to date; crashes, keeps 1 of 2 writes and 1 in part
                   3.000                   all links free
           5       4.000 S2  down          starts again, life 2 → is follower of term 3; persists append 4; persists overwrite 2; answers 1.6/1 redirect to S1; sends AppendEntriesResponse term 3 refused, conflict 2/1 to S1; halts: bad disk; crashes, keeps 0 of 2 writes
                   5.000                   client 1 gets 1.6 info
                   6.000                   the bench looks at the whole
                   6.000 S1  down          holds at index 3: x0=1.3
      "
    `);
  });

  it('tells of timers when asked to', () => {
    const story = linesOf((facts) => {
      facts.started(0, 1, 0, 0);
      facts.timerSet(1, 'election', 150, 300);
      facts.timerSet(1, 'heartbeat', 50, 50);
      facts.timerCancelled(1, 'election');
    }, true);
    expect(story).toContain(
      'starts → sets election timer 150-300 ms; sets heartbeat timer 50 ms; stops election timer',
    );
  });

  it('shows bodies of foreign implementations as they are, cut short', () => {
    const story = linesOf((facts) => {
      facts.started(0, 1, 0, 0);
      facts.sent(1, 2, 1, 1, { kind: 'gossip', rumours: 'x'.repeat(80) } as never);
    });
    expect(story).toContain('sends gossip {"kind":"gossip","rumours":"xxxx');
    expect(story).toContain('x… to S2');
  });

  it('counts the requests that it does not list', () => {
    const requests = [1, 2, 3, 4, 5].map((seq) => {
      return { id: `1.${seq}/1`, command: put(seq).command!, readOnly: false };
    });
    const story = linesOf((facts) => facts.requested(0, 1, requests));
    expect(story).toContain('request 1.1 put x0 1.1, 1.2 put x0 1.2, 1.3 put x0 1.3 and 2 more');
  });

  it('tells of configurations, snapshots, pre-votes, rounds and transfers', () => {
    const members: Configuration = { voters: [1, 2, 3], newVoters: null, learners: [5] };
    const joint: Configuration = { voters: [1, 2, 3], newVoters: [2, 3, 4], learners: [] };
    const snapshot: Snapshot = {
      lastIncludedIndex: 9,
      lastIncludedTerm: 2,
      configuration: members,
      data: 'all',
    };
    const story = linesOf((facts) => {
      facts.started(0, 1, 0, 0);
      const candidate = { term: 3, candidateId: 1, lastLogIndex: 9, lastLogTerm: 2 };
      facts.sent(1, 2, 1, 1, { kind: 'RequestVote', ...candidate, preVote: true });
      facts.sent(1, 2, 2, 1, { kind: 'RequestVote', ...candidate, leadershipTransfer: true });
      facts.sent(1, 2, 3, 1, {
        kind: 'AppendEntries',
        term: 3,
        leaderId: 1,
        prevLogIndex: 9,
        prevLogTerm: 2,
        entries: [put(1), { term: 3, command: null, configuration: joint }],
        leaderCommit: 9,
        round: 4,
      });
      const install = { kind: 'InstallSnapshot', term: 3, leaderId: 1, ...snapshot } as const;
      facts.sent(1, 4, 4, 1, { ...install, offset: 2, done: false });
      facts.sent(1, 2, 5, 1, { kind: 'TimeoutNow', term: 3, leaderId: 1 });
      facts.stepEnded(1);
      facts.delivered(10, 1, 2, 6, 0, {
        kind: 'RequestVoteResponse',
        term: 3,
        voteGranted: true,
        preVote: true,
      });
      facts.stepEnded(1);
      facts.delivered(20, 1, 4, 7, 0, {
        kind: 'InstallSnapshotResponse',
        term: 3,
        lastIncludedIndex: 9,
        nextOffset: 3,
        done: true,
        round: 5,
      });
      facts.persistIssued(1, 1, 'snapshot', 0, { kind: 'snapshot', snapshot });
      facts.persistIssued(1, 2, 'log', 1, { kind: 'compactTo', index: 9 });
      facts.persistIssued(1, 3, 'log', 0, {
        kind: 'append',
        entries: [{ term: 3, command: null, configuration: joint }],
      });
      facts.stepEnded(1);
      facts.adminRequested(30, 1, 'o1.1/1', {
        kind: 'changeMembership',
        voters: [2, 3, 4],
        learners: [],
      });
      facts.responded(1, 'o1.1/1', 'redirect', 2, null);
      facts.stepEnded(1);
      facts.persistFailed(40, 1, 3, 'full');
      facts.persistIssued(1, 4, 'log', 0, { kind: 'append', entries: [put(1)] });
      facts.stepEnded(1);
      facts.requested(50, 1, [
        { id: '1.7/1', command: { ...put(7).command!, session: 12 }, readOnly: false },
      ]);
    });
    for (const said of [
      'sends RequestVote pre-vote term 3 last 9/2 to S2',
      'sends RequestVote term 3 last 9/2, asked to stand to S2',
      'AppendEntries term 3 prev 9/2 +2 (11: C_old,new S1 S2 S3 / S2 S3 S4) commit 9 round 4 to S2',
      'InstallSnapshot term 3 last 9/2 of S1 S2 S3, learners S5, from 2 to S4',
      'sends TimeoutNow term 3 to S2',
      'RequestVoteResponse from S2 pre-vote term 3 granted',
      'InstallSnapshotResponse from S4 term 3 last 9 done round 5',
      'persists snapshot through 9/2 of S1 S2 S3, learners S5; persists compact to 9',
      'persists append 10 (C_old,new S1 S2 S3 / S2 S3 S4)',
      'o1.1/1 asks: voters S2 S3 S4, learners none → answers o1.1/1 redirect to S2',
      'write 3 fails: full → persists append 10',
      'request 1.7 put x0 1.7 in session 12',
    ]) {
      expect(story).toContain(said);
    }
  });

  it('gives its columns apart, for views that colour them', () => {
    const lines: TimelineLine[] = [];
    const recorder = new TimelineRecorder((line) => lines.push(line));
    recorder.fired(1_234_567, 3, 'election');
    recorder.crashed(1_234_567, 1, []);
    recorder.claimed(3, 'candidate', 2);
    recorder.stepEnded(3);
    expect(columnsOf(lines[0]!, { withTimers: false })).toEqual({
      step: '1',
      time: '1234.567',
      server: 'S3',
      role: 'down',
      event: 'election timer runs out',
      actions: 'S1 crashes, no write unfinished; is candidate of term 2',
    });
    expect(lines[0]!.actions.map(({ kind, node }) => [kind, node])).toEqual([
      ['crashed', 1],
      ['claimed', 3],
    ]);
  });

  it('is the same live and from a trace', () => {
    const plan = generatePlan('8');
    const live: TimelineLine[] = [];
    const recorder = new TimelineRecorder((line) => live.push(line));
    run(plan, reference, { ...judged, recorder });
    recorder.closeOpenStep();
    expect([...timelineOf(traced(plan).trace.records)]).toEqual(live);
    expect(live.length).toBeGreaterThan(500);
  });
});
