import { describe, expect, it } from 'vitest';
import type { Facts } from '../../invariants/facts.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import type { Plan } from '../../sim/kernel/plan.ts';
import { completePlan } from '../../sim/load-plan.ts';
import { type Implementation, run } from '../../sim/run.ts';
import { checkTrace } from '../../sim/trace/check.ts';
import { isStep, type StepRecord } from '../../sim/trace/format.ts';
import { Player } from '../../sim/trace/play.ts';
import { parseTrace } from '../../sim/trace/reader.ts';
import { TraceRecorder } from '../../sim/trace/recorder.ts';
import { reference, thrower, yesMan } from './implementations.ts';
import { judged, textOf, traced } from './traced.ts';

const GENERATED = Array.from({ length: 30 }, (_, i) => String(i + 1));

/** A crash between two actions, links cut between two actions, and answers within a step. */
const INTERRUPTED = completePlan({
  seed: '7',
  cluster: { size: 3 },
  phases: { chaosUs: 1_000_000, trafficOperations: 3 },
  faults: [
    { when: { on: 'leader', count: 1 }, what: { do: 'crash', node: 0, restartUs: 20_000 } },
    { when: { on: 'voteGranted', nth: 3 }, what: { do: 'isolate', node: 0, forUs: 50_000 } },
    { when: { on: 'commit', nth: 1 }, what: { do: 'pause', node: 3, forUs: 90_000 } },
    { when: { on: 'write', nth: 30, count: 1 }, what: { do: 'crash', node: 2, restartUs: 9_000 } },
    { when: { on: 'action', nth: 200 }, what: { do: 'crash', node: 0, restartUs: 9_000 } },
  ],
});

const ENDINGS: readonly [string, Plan, Implementation][] = [
  ['pass', INTERRUPTED, reference],
  ['violation', generatePlan('2'), yesMan],
  ['exception', completePlan({}), thrower],
  ['storm', completePlan({ eventsMax: 100 }), reference],
  [
    'excused',
    completePlan({ cluster: { size: 5 }, phases: { core: [1, 2], rest: 'cut', chaosUs: 500_000 } }),
    reference,
  ],
];

describe('a trace', () => {
  it.each(GENERATED)('of generated plan %s is judged like its run', (seed) => {
    const { result, trace } = traced(generatePlan(seed));
    const { verdict, violations, reason, events, digest, situations, statistics, agrees } =
      checkTrace(trace);
    expect({ verdict, violations, reason, events, digest }).toEqual({
      verdict: result.verdict,
      violations: result.violations,
      reason: result.reason,
      events: result.events,
      digest: result.digest,
    });
    expect({ situations, statistics }).toEqual({
      situations: result.situations,
      statistics: result.statistics,
    });
    expect(agrees).toBe(true);
  });

  it.each(ENDINGS)('of a run that ends as %s is judged like its run', (verdict, plan, sut) => {
    const { result, trace } = traced(plan, sut);
    expect(result.verdict).toBe(verdict);
    const checked = checkTrace(trace);
    expect(checked.verdict).toBe(verdict);
    expect(checked.violations).toEqual(result.violations);
    expect(checked.reason).toBe(result.reason);
    expect(checked.digest).toBe(result.digest);
    expect(trace.end.events).toBe(result.events);
  });

  it('is the same, byte for byte, for the same run', () => {
    for (const seed of ['2', '9']) {
      expect(traced(generatePlan(seed)).text).toBe(traced(generatePlan(seed)).text);
    }
  });

  it('does not change the run', () => {
    const plan = generatePlan('4');
    const bare = run(plan, reference, { ...judged, recorder: null });
    expect(traced(plan).result).toEqual(bare);
  });

  it('is the same whatever the order of the keys of a plan', () => {
    const plan = completePlan({ eventsMax: 50 });
    const turned = Object.fromEntries(Object.entries(plan).reverse()) as unknown as Plan;
    expect(traced(turned).text).toBe(traced(plan).text);
  });

  it('plays back exactly the calls of the run, in their order', () => {
    for (const plan of [INTERRUPTED, generatePlan('5')]) {
      const live: string[] = [];
      run(plan, reference, { ...judged, recorder: calls(live) });
      const played: string[] = [];
      const player = new Player(calls(played));
      for (const record of traced(plan).trace.records) player.play(record);
      expect(played.length).toBeGreaterThan(1_000);
      expect(played).toEqual(live);
    }
  });

  it('keeps facts of the world where they hit: between two actions', () => {
    const steps = traced(INTERRUPTED).trace.records.filter(isStep);
    const crashed = steps.filter((step) => step.ends === 'crashed');
    expect(crashed.length).toBeGreaterThan(1);
    for (const step of crashed)
      expect(step.actions.at(-1)).toMatchObject({ k: 'crashed', n: step.n });
    expect(steps.some((step) => isBetween(step, 'blocked'))).toBe(true);
    expect(steps.some((step) => isBetween(step, 'paused'))).toBe(true);
    const isAnswered = ({ actions }: StepRecord) => actions.some(({ k }) => k === 'returned');
    expect(steps.some(isAnswered)).toBe(true);
  });

  it('ends an open step when the implementation throws', () => {
    const { trace, result } = traced(completePlan({}), thrower);
    expect(trace.records.at(-1)).toMatchObject({ ends: 'open', i: result.events });
    expect(trace.end.exception).toEqual({ node: result.exception!.node, event: result.events });
    expect(trace.end.reason).toBe('RangeError: no crown for me');
  });

  it('names the step that caused each event', () => {
    const { records } = traced(INTERRUPTED).trace;
    const steps = records.filter(isStep);
    for (const step of steps) {
      const cause = steps[step.cause - 1];
      if (step.k === 'started' || step.k === 'requested') expect(step.cause).toBe(0);
      else expect(cause?.i).toBeLessThan(step.i);
      if (step.k === 'delivered') {
        const { messageId } = step;
        expect(cause!.n).toBe(step.from);
        expect(cause!.actions).toContainEqual(
          expect.objectContaining({ k: 'sent', messageId, body: step.body }),
        );
      }
      if (step.k === 'fired') {
        expect(cause!.actions).toContainEqual(
          expect.objectContaining({ k: 'timerSet', timer: step.timer }),
        );
      }
      if (step.k === 'persisted') {
        expect(cause!.actions).toContainEqual(
          expect.objectContaining({ k: 'persistIssued', writeId: step.writeId }),
        );
      }
    }
  });

  it('holds whole numbers only', () => {
    const { lines } = traced(INTERRUPTED);
    for (const line of lines) {
      JSON.parse(line, (_key, value: unknown) => {
        if (typeof value === 'number') expect(Number.isSafeInteger(value)).toBe(true);
        return value;
      });
    }
  });

  it('tells bodies as they were when they were sent', () => {
    const lines: string[] = [];
    const recorder = recorderInto(lines);
    const body = { kind: 'gossip', rumours: ['a'] };
    recorder.started(0, 1, 0, 0);
    recorder.sent(1, 2, 1, 1, body as never);
    body.rumours.push('b');
    recorder.stepEnded(1);
    expect(lines.at(-1)).toContain('{"kind":"gossip","rumours":["a"]}');
  });

  it('has one order of keys, whatever that of a server', () => {
    const lines: string[] = [];
    const recorder = recorderInto(lines);
    recorder.started(0, 1, 0, 0);
    recorder.sent(1, 2, 1, 1, { voteGranted: true, term: 3, kind: 'RequestVoteResponse' });
    recorder.sent(1, 2, 2, 1, { z: 1, b: undefined, a: { y: 2, kind: 'x' }, kind: 'q' } as never);
    recorder.stepEnded(1);
    expect(lines.at(-1)).toContain('{"kind":"RequestVoteResponse","term":3,"voteGranted":true}');
    expect(lines.at(-1)).toContain('{"kind":"q","a":{"kind":"x","y":2},"z":1}');
  });

  it('refuses calls that no run makes', () => {
    const recorder = recorderInto([]);
    expect(() => recorder.claimed(1, 'leader', 1)).toThrow('claimed of S1 outside a step of S1');
    recorder.started(0, 1, 0, 0);
    expect(() => recorder.noted(2, 'me too')).toThrow('noted of S2 outside a step of S2');
    expect(() => recorder.started(0, 2, 0, 0)).toThrow('started: step 1 has not ended');
  });
});

describe('an edited trace', () => {
  const { lines, trace } = traced(INTERRUPTED);

  it('is refused', () => {
    const place = lines.findIndex((line) => line.includes('"voteGranted":true'));
    const edited = lines.with(place, lines[place]!.replace('"term":1', '"term":2'));
    expect(() => checkTrace(parseTrace(textOf(edited)))).toThrow(
      /^This trace was edited \(or cut\): digest [0-9a-f]{16} recorded, [0-9a-f]{16} recomputed\.$/,
    );
  });

  it('is refused when the digest does not see the edit', () => {
    const place = lines.findIndex((line) => line.includes('"k":"persistIssued"'));
    const edited = lines.with(place, lines[place]!.replace(/"stream":"\w+"/, '"stream":"other"'));
    expect(edited).not.toEqual(lines);
    expect(() => checkTrace(parseTrace(textOf(edited)))).toThrow('This trace was edited');
  });

  it('is judged as it stands when that is allowed', () => {
    const records = trace.records.map((record) => {
      if (!isStep(record)) return record;
      const actions = record.actions.map((action) =>
        action.k === 'sent' && action.body.kind === 'AppendEntriesResponse' && action.body.success
          ? { ...action, body: { ...action.body, matchIndex: action.body.matchIndex + 3 } }
          : action,
      );
      return { ...record, actions };
    });
    const edited = { ...trace, records };
    expect(() => checkTrace(edited)).toThrow('This trace was edited');
    const checked = checkTrace(edited, { allowEdited: true, disabled: null, stopAtFirst: null });
    expect(checked.verdict).toBe('violation');
    expect(checked.violations[0]?.property).toBe('true-success');
    expect(checked.agrees).toBe(false);
    const without = { allowEdited: true, disabled: new Set(['true-success']), stopAtFirst: false };
    const others = checkTrace(edited, without).violations.map(({ property }) => property);
    expect(others).not.toContain('true-success');
  });

  it('that contradicts itself is told where', () => {
    const place = trace.records.findIndex((record) => isStep(record) && record.k === 'delivered');
    const delivery = trace.records[place] as StepRecord & { k: 'delivered' };
    const records = trace.records.with(place, { ...delivery, messageId: 999_999 });
    expect(() =>
      checkTrace({ ...trace, records }, { allowEdited: true, disabled: null, stopAtFirst: null }),
    ).toThrow(`Step ${delivery.i} of the trace delivers message 999999, which nobody has sent.`);
  });
});

function recorderInto(lines: string[]): TraceRecorder {
  const start = { plan: completePlan({}), implementation: { id: 'test' }, hash: null };
  return new TraceRecorder({ ...start, options: judged }, (line) => lines.push(line));
}

function isBetween(step: StepRecord, k: string): boolean {
  const place = step.actions.findIndex((action) => action.k === k);
  return place >= 0 && place < step.actions.length - 1;
}

/** Writes every call down as text; stamps are not part of it. */
function calls(into: string[]): Facts {
  const names = [
    ...['started', 'delivered', 'fired', 'requested', 'persisted', 'persistFailed'],
    ...['sent', 'timerSet'],
    ...['timerCancelled', 'persistIssued', 'applied', 'responded', 'claimed', 'halted', 'noted'],
    ...['stepEnded', 'struck', 'crashed', 'paused', 'resumed', 'blocked', 'prepared', 'phaseBegan'],
    ...['inspected', 'stateInspected', 'invoked', 'returned'],
  ];
  const note =
    (name: string) =>
    (...args: unknown[]) => {
      if (name === 'delivered') args[4] = 0;
      into.push(JSON.stringify([name, ...args], sortKeys));
      return 0;
    };
  return Object.fromEntries(names.map((name) => [name, note(name)])) as unknown as Facts;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
