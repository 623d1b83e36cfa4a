/** Traces of runs with snapshots, pre-votes, reads without the log, operators and clocks. */
import { describe, expect, it } from 'vitest';
import { completePlan } from '../../sim/load-plan.ts';
import { checkTrace } from '../../sim/trace/check.ts';
import { isStep, type StepRecord } from '../../sim/trace/format.ts';
import { parseTrace } from '../../sim/trace/reader.ts';
import { textOf, traced } from './traced.ts';

const config = {
  preVote: true,
  checkQuorum: true,
  reads: 'readIndex',
  snapshotEntries: 3,
  snapshotChunkMax: 5,
  logTime: true,
} as const;

const { lines, text, trace } = traced(
  completePlan({
    cluster: { config },
    disk: { snapshotUsMin: 100, snapshotUsMax: 2_000 },
    workload: { readPpm: 500_000 },
    operators: [
      {
        requests: [
          { atUs: 700_000, request: { kind: 'transferLeadership', to: 1 } },
          { atUs: 800_000, request: { kind: 'transferLeadership', to: 2 } },
          { atUs: 1_500_000, request: { kind: 'takeSnapshot' } },
          {
            atUs: 1_600_000,
            request: { kind: 'changeMembership', voters: [1, 2], learners: [3] },
          },
        ],
      },
    ],
    clocks: [{ node: 3, ratePpm: 20_000, jumps: [{ atUs: 500_000, byUs: 2_000_000 }] }],
    faults: [
      {
        when: { atUs: 1_000_000 },
        what: { do: 'crash', node: 3, restartUs: 1_000_000, keep: 'all' },
      },
    ],
  }),
);

const steps = trace.records.filter(isStep);

function actionsOf(step: StepRecord, kind: string): number {
  return step.actions.filter(({ k }) => k === kind).length;
}

describe('a trace with all of it', () => {
  it('reads as it was written', () => {
    expect(parseTrace(text)).toEqual(trace);
  });

  it('is judged as the run was', () => {
    const result = checkTrace(trace);
    expect(result.agrees).toBe(true);
    expect(result.digest).toBe(trace.end.digest);
  });

  it('has every kind of new event, action, message and write', () => {
    const kinds = new Set(steps.map(({ k }) => k));
    expect(kinds.has('snapshotTaken') && kinds.has('adminRequested')).toBe(true);
    for (const part of [
      '"k":"snapshotAsked"',
      '"k":"restored"',
      '"preVote":true',
      '"leadershipTransfer":true',
      '"round":',
      '"wallClock":',
      '"kind":"InstallSnapshot"',
      '"kind":"InstallSnapshotResponse"',
      '"kind":"TimeoutNow"',
      '"kind":"compactTo"',
      '"kind":"snapshot"',
    ]) {
      expect([part, text.includes(part)]).toEqual([part, true]);
    }
  });

  it('names the step that asked for a snapshot as its cause', () => {
    const taken = steps.filter(({ k }) => k === 'snapshotTaken');
    expect(taken.length).toBeGreaterThan(5);
    const asked = (i: number) => actionsOf(steps[i - 1]!, 'snapshotAsked');
    for (const step of taken) {
      if (step.k !== 'snapshotTaken') continue;
      expect(steps[step.cause - 1]!.n).toBe(step.n);
      expect(asked(step.cause)).toBe(1);
    }
    expect(new Set(taken.map((step) => ('cause' in step ? step.cause : 0))).size).toBe(
      taken.length,
    );
  });
});

describe('a field of an option', () => {
  /** The sentence that a reader gets when the first such text is replaced. */
  function sentenceWith(part: string, other: string): string {
    const place = lines.findIndex((line, i) => i > 0 && line.includes(part));
    expect(place).toBeGreaterThan(0);
    const bad = textOf(lines.with(place, lines[place]!.replace(part, other)));
    try {
      parseTrace(bad);
    } catch (error) {
      return (error as Error).message;
    }
    return 'no error';
  }

  it.each([
    ['"preVote":true', '"preVote":1', 'in which preVote is true or absent'],
    ['"leadershipTransfer":true', '"leadershipTransfer":null', 'is true or absent'],
    ['"wallClock":', '"wallClock":"x","other":', 'wallClock is a number'],
    ['"round":', '"round":"x","other":', 'in which round is a number'],
    ['"nextOffset":', '"otherOffset":', 'in which nextOffset is a number'],
    ['"newVoters":null', '"newVoters":3', 'in which newVoters is a list'],
    ['"k":"snapshotAsked","index":', '"k":"snapshotAsked","place":', 'a number'],
  ])('is held to what it may be: %s', (part, other, words) => {
    expect(sentenceWith(part, other)).toContain(words);
  });
});
