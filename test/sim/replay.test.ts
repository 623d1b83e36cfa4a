import { describe, expect, it } from 'vitest';
import { createServer } from '../../core/raft-server.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import { completePlan } from '../../sim/load-plan.ts';
import { perturbed, runPerturbed } from '../../sim/perturbed.ts';
import { compareTraces, replayPlan, replayTrace } from '../../sim/replay.ts';
import type { Implementation } from '../../sim/run.ts';
import { firstDivergence } from '../../sim/trace/divergence.ts';
import { isStep, type StepRecord, type TraceRecord } from '../../sim/trace/format.ts';
import { traceRun } from '../../sim/trace/record-run.ts';
import { amnesiac, reference, talkative, thrower, yesMan } from './implementations.ts';
import { judged, traced } from './traced.ts';

const PLAN = generatePlan('12');
const QUIET = completePlan({ phases: { chaosUs: 500_000 } });

describe('a replay', () => {
  const failed = traced(PLAN, yesMan).trace;
  const failure = failed.end.violations[0]!;

  it('of the same implementation reproduces the run', () => {
    const replay = replayTrace(failed, yesMan);
    expect(replay).toMatchObject({ conclusion: 'reproduced', outcome: 'same', divergence: null });
    expect(replay.ending.digest).toBe(failed.end.digest);
    expect(replay.sentence).toBe(
      `The run is the recorded one, fact by fact, and fails in the same way: ${failure.fingerprint}.`,
    );
  });

  it('of a run that passed reproduces it too', () => {
    const replay = replayTrace(traced(PLAN).trace, reference);
    expect(replay).toMatchObject({ conclusion: 'reproduced', outcome: 'none', divergence: null });
    expect(replay.causeStep).toBeNull();
  });

  it('of a mended implementation is fixed when it parts at the cause', () => {
    const replay = replayTrace(failed, reference);
    expect(replay).toMatchObject({
      conclusion: 'fixed',
      outcome: 'none',
      causeStep: failure.step,
      divergesFrom: 'the cause on',
      recordedFailure: failure.fingerprint,
      replayedFailure: null,
    });
    expect(replay.divergence).toMatchObject({ place: 'action', step: failure.step });
    expect(replay.divergence!.node).toBe(failure.node);
    expect(replay.divergence!.recorded).toMatch(
      /^sends AppendEntriesResponse term \d+ ok \d+ to S\d/,
    );
    expect(replay.divergence!.replayed).toMatch(
      /^sends AppendEntriesResponse term \d+ refused, conflict \d+\/\d+ to S\d/,
    );
    expect(replay.divergence!.recordedFact).toMatchObject({ k: 'sent', body: { success: true } });
    expect(replay.divergence!.replayedFact).toMatchObject({ k: 'sent', body: { success: false } });
  });

  it('that parts before the cause and finds nothing is inconclusive', () => {
    const replay = replayTrace(failed, talkative(reference));
    expect(replay).toMatchObject({
      conclusion: 'inconclusive',
      outcome: 'none',
      divergesFrom: 'before the cause',
    });
    expect(replay.divergence).toMatchObject({
      step: 1,
      recorded: 'is follower of term 0',
      replayed: 'notes: now follower',
    });
    expect(replay.sentence).toBe(
      `Inconclusive: nothing fails, but it goes another way at event 1, before the cause at event ${failure.step}.`,
    );
  });

  it('takes the step of the first wrong action where it is known', () => {
    const { trace } = traced(PLAN, amnesiac);
    const late = replayTrace(trace, reference);
    expect(late).toMatchObject({ conclusion: 'inconclusive', divergesFrom: 'before the cause' });
    const wrong = late.divergence!;
    expect(wrong.recorded).toMatch(/^persists term \d+ vote none$/);
    expect(wrong.replayed).toMatch(/^persists term \d+ vote S\d$/);
    expect(wrong.step).toBeLessThan(late.causeStep!);
    const known = replayTrace(trace, reference, { causeStep: wrong.step });
    expect(known).toMatchObject({ conclusion: 'fixed', divergesFrom: 'the cause on' });
  });

  it('that parts and fails in the same way is still failing', () => {
    const replay = replayTrace(failed, talkative(yesMan));
    expect(replay).toMatchObject({ conclusion: 'still-failing', outcome: 'same' });
    expect(replay.divergence!.step).toBe(1);
  });

  it('that fails in another way says so', () => {
    const replay = replayTrace(failed, thrower);
    expect(replay).toMatchObject({
      conclusion: 'other-failure',
      outcome: 'another',
      replayedFailure: 'exception',
    });
    expect(replay.divergence).toMatchObject({ replayed: 'throws', replayedFact: null });
    const passed = replayTrace(traced(PLAN).trace, thrower);
    expect(passed.conclusion).toBe('other-failure');
    expect(passed.sentence).toContain('exception instead of nothing');
  });

  it('that gets past the point where the recorded run threw is fixed', () => {
    const replay = replayTrace(traced(PLAN, thrower).trace, reference);
    expect(replay).toMatchObject({ conclusion: 'fixed', recordedFailure: 'exception' });
    expect(replay.divergence).toMatchObject({ recorded: 'throws', place: 'action' });
  });

  it('gets past a life that never began', () => {
    const plan = completePlan({
      faults: [{ when: { atUs: 200_000 }, what: { do: 'crash', node: 2, restartUs: 50_000 } }],
    });
    const { trace } = traced(plan, bornOnce());
    expect(trace.end.verdict).toBe('exception');
    const replay = replayTrace(trace, reference);
    expect(replay).toMatchObject({ conclusion: 'fixed', divergesFrom: 'the cause on' });
    expect(replay.divergence).toMatchObject({ place: 'end', recorded: 'the run is over' });
    expect(replay.divergence!.replayed).toMatch(/^S2: starts again, life 2, at \d+\.\d{3} ms$/);
  });

  it('is not fixed when no server acted otherwise', () => {
    // As if an older judge had ended a good run with a violation.
    const { trace } = traced(PLAN);
    const records = trace.records.slice(0, 500);
    const { i: step } = records.findLast(isStep)!;
    const end = { ...trace.end, verdict: 'violation', violations: [{ ...failure, step }] } as const;
    const replay = replayTrace({ ...trace, records, end }, reference);
    expect(replay).toMatchObject({
      conclusion: 'inconclusive',
      outcome: 'none',
      divergesFrom: 'the cause on',
    });
    expect(replay.divergence).toMatchObject({ place: 'end', recorded: 'the run is over' });
    expect(replay.sentence).toBe(
      `Inconclusive: nothing fails, but event ${replay.divergence!.step} differs though no server acted otherwise.`,
    );
    const whole = replayTrace({ ...trace, end }, reference);
    expect(whole).toMatchObject({ conclusion: 'inconclusive', divergence: null });
    expect(whole.sentence).toBe('Every fact is the recorded one, but it is judged otherwise.');
  });

  it('may be made elsewhere and compared as a trace', () => {
    const elsewhere = traced(PLAN, reference).trace;
    expect(compareTraces(failed, elsewhere)).toEqual({
      ...replayTrace(failed, reference),
      ending: elsewhere.end,
    });
  });

  it('is made with what the trace judged', () => {
    const options = { disabled: new Set(['true-success']), stopAtFirst: false };
    const { trace } = traceRun({ plan: PLAN, implementation: yesMan, hash: null, options });
    const replay = replayTrace(trace, yesMan);
    expect(replay.conclusion).toBe('reproduced');
    expect(replay.ending.violations).toEqual(trace.end.violations);
  });
});

describe('a plan that is run twice', () => {
  const recording = { plan: QUIET, hash: null, options: judged };

  it('is the same run', () => {
    const replay = replayPlan({ ...recording, implementation: reference });
    expect(replay).toMatchObject({ conclusion: 'reproduced', divergence: null });
  });

  it('of an implementation with a memory across runs is not', () => {
    const replay = replayPlan({ ...recording, implementation: remembering() });
    expect(replay.conclusion).toBe('inconclusive');
    expect(replay.divergence).toMatchObject({ place: 'action', step: 1 });
    expect(replay.divergence!.recorded).toBe('notes: life 1');
    expect(replay.divergence!.replayed).toMatch(/^notes: life \d+$/);
  });
});

describe('the first divergence', () => {
  const { records } = traced(QUIET).trace;

  it('is none between equal runs', () => {
    expect(firstDivergence(records, structuredClone(records))).toBeNull();
  });

  it('is an event', () => {
    const place = records.findIndex((record) => isStep(record) && record.k === 'fired');
    const fired = records[place] as StepRecord & { k: 'fired' };
    const other = records.with(place, { ...fired, timer: 'egg' });
    expect(firstDivergence(records, other)).toMatchObject({
      place: 'event',
      step: fired.i,
      node: fired.n,
      recorded: expect.stringContaining(`S${fired.n}: election timer runs out, at`),
      replayed: expect.stringContaining(`S${fired.n}: egg timer runs out, at`),
    });
  });

  it('tells versions apart by their facts where words do not', () => {
    const place = records.findIndex((record) => isStep(record) && record.k === 'delivered');
    const delivered = records[place] as StepRecord & { k: 'delivered' };
    const other = records.with(place, { ...delivered, messageId: 77 });
    const divergence = firstDivergence(records, other)!;
    expect(divergence.recorded).toContain(`"messageId":${delivered.messageId}`);
    expect(divergence.replayed).toContain('"messageId":77');
  });

  it('is one send of several that say the same', () => {
    const place = records.findIndex((record) => isStep(record) && sends(record).length === 2);
    const step = records[place] as StepRecord;
    const second = step.actions.indexOf(sends(step)[1]!);
    const silent = records.with(place, { ...step, actions: step.actions.toSpliced(second, 1) });
    expect(firstDivergence(records, silent)).toMatchObject({
      place: 'action',
      step: step.i,
      recorded: expect.stringMatching(/^sends RequestVote term 1 last 0\/0 to S\d$/),
      replayed: 'does nothing more in this step',
    });
  });

  it('is a fact of the world between steps', () => {
    const place = records.findIndex((record) => record.k === 'invoked');
    const invoked = records[place] as TraceRecord & { k: 'invoked' };
    const other = records.with(place, { ...invoked, op: 'get nothing' });
    expect(firstDivergence(records, other)).toMatchObject({ place: 'world', node: 0 });
  });

  it('is the end of one run', () => {
    const [cut, last] = [records.slice(0, -1), records.at(-1)!];
    const divergence = { place: 'end', recordedFact: null, recorded: 'the run is over' };
    expect(firstDivergence(cut, records)).toMatchObject({ ...divergence, replayedFact: last });
    expect(firstDivergence(records, cut)).toMatchObject({ place: 'end', replayedFact: null });
  });
});

describe('perturbed runs', () => {
  it('are other runs of the same faults', () => {
    const digests = [PLAN, perturbed(PLAN, 1), perturbed(PLAN, 2)].map(
      (plan) =>
        traceRun({ plan, implementation: reference, hash: null, options: judged }).trace.end.digest,
    );
    expect(new Set(digests).size).toBe(3);
    expect(perturbed(PLAN, 1).faults).toEqual(PLAN.faults);
  });

  it('tell how many fail', () => {
    expect(runPerturbed(PLAN, reference, 5, judged)).toEqual({ runs: 5, failures: [] });
    const { failures } = runPerturbed(PLAN, yesMan, 5, judged);
    expect(failures.length).toBeGreaterThan(0);
    for (const { plan, result } of failures) expect(traced(plan, yesMan).result).toEqual(result);
  });
});

function sends(step: StepRecord): StepRecord['actions'] {
  return step.actions.filter((action) => action.k === 'sent');
}

/** Cannot make a fourth server: S1, S2 and S3 start once. */
function bornOnce(): Implementation {
  let lives = 0;
  return {
    ...reference,
    id: 'test:born-once',
    createServer: () => {
      lives += 1;
      if (lives > 3) throw new Error('only one life');
      return createServer();
    },
  };
}

/** Counts its lives over all runs. */
function remembering(): Implementation {
  let lives = 0;
  return {
    ...reference,
    id: 'test:remembering',
    createServer: () => {
      lives += 1;
      const life = lives;
      const server = createServer();
      return {
        step: (event, out) => {
          if (event.kind === 'start') out.note(`life ${life}`);
          server.step(event, out);
        },
      };
    },
  };
}
