import { describe, expect, test } from 'vitest';
import { KeyValueStore } from '../../../core/state-machine.ts';
import { LABS } from '../../../scenarios/suites/labs.ts';
import { Raft } from '../../../sdk/typescript/raft.ts';
import type { Request } from '../../../sdk/typescript/whitewater.ts';
import { moduleHost, type ProgramModule } from '../../../sim/adapters/module-program.ts';
import { programImplementation } from '../../../sim/adapters/program-implementation.ts';
import { type GradedImplementation, gradedRun } from '../../../sim/grading/graded-run.ts';
import { whyWords } from '../../../sim/grading/why-words.ts';
import { completePlan } from '../../../sim/load-plan.ts';
import type { ProgramAction } from '../../../sim/protocol/actions.ts';
import type { ProgramEvent } from '../../../sim/protocol/events.ts';
import { checkTrace } from '../../../sim/trace/check.ts';
import { traced } from '../traced.ts';

function implementation(module: ProgramModule): GradedImplementation {
  return programImplementation('test:program', moduleHost(module), () => new KeyValueStore(0));
}

function grade(testId: string, module: ProgramModule) {
  return gradedRun(LABS.tests.find(({ id }) => id === testId)!, '1', 0, implementation(module));
}

/** The Raft of the kit, as somebody who sleeps for 10 ms and then looks at its timers. */
class Poller {
  readonly capabilities = { ...new Raft().capabilities, pollMs: 10, reset: false };
  private readonly raft = new Raft();
  private readonly dueMs = new Map<string, number>();
  private readonly slowness: number;

  constructor(slowness: number) {
    this.slowness = slowness;
  }

  handle(event: ProgramEvent): readonly ProgramAction[] {
    const { now } = event;
    const answers = this.due(event, now).flatMap((one) => this.raft.handle(one as never));
    const told = (answers as unknown as readonly ProgramAction[]).filter((action) => {
      if (action.kind === 'setTimer') this.dueMs.set(action.name, this.dueOf(action, now));
      if (action.kind === 'cancelTimer') this.dueMs.delete(action.name);
      return action.kind !== 'setTimer' && action.kind !== 'cancelTimer';
    });
    const isAwake = event.kind === 'start' || event.kind === 'timer';
    return isAwake ? [...told, { kind: 'setTimer', name: 'wake', minMs: 10 }] : told;
  }

  private due(event: ProgramEvent, now: number): ProgramEvent[] {
    if (event.kind !== 'timer') return [event];
    const names = [...this.dueMs].filter(([, atMs]) => atMs <= now).map(([name]) => name);
    for (const name of names) this.dueMs.delete(name);
    return names.map((name) => ({ kind: 'timer', now, name }));
  }

  /** Drawn from the time itself: nobody hands it luck. */
  private dueOf(action: ProgramAction & { kind: 'setTimer' }, now: number): number {
    const { minMs, maxMs = minMs } = action;
    const luck = (now * 7_919 + Number(this.raft.me?.slice(1) ?? 0) * 4_001) % (maxMs - minMs + 1);
    return now + (minMs + luck) * (action.name === 'election' ? this.slowness : 1);
  }
}

describe('the timeouts that a program declares', () => {
  test('may lie in its own clock when it polls', () => {
    expect(grade('A1', { createServer: () => new Poller(1) }).why).toBeNull();
  });

  test('are found out when nobody does anything for much longer', () => {
    const { why } = grade('A1', { createServer: () => new Poller(5) });
    expect(why).toMatchObject({ kind: 'otherTimers', electionMs: [150, 300] });
    expect(whyWords(why!).detail).toMatch(/^Declared: 150 to 300 ms\. Nobody did anything for /);
  });
});

describe('timers that run out', () => {
  const plan = completePlan({
    cluster: { size: 3 },
    workload: { clients: 0 },
    phases: { chaosUs: 50_000, settle: false },
    eventsMax: 100,
  });
  const restless = (pollMs: number): ProgramModule => ({
    capabilities: { pollMs },
    createServer: () => ({ handle: () => [{ kind: 'setTimer', name: 'wake', minMs: 1 }] }),
  });

  test('have a bound of their own', () => {
    const { result, trace } = traced(plan, implementation(restless(0)));
    expect(result).toMatchObject({ verdict: 'storm', events: 3 + 101 });
    expect(checkTrace(trace)).toMatchObject({ verdict: 'storm', agrees: true });
  });

  test('may be ten times as many in programs that poll', () => {
    const { result, trace } = traced(plan, implementation(restless(1)));
    expect(result.verdict).toBe('pass');
    expect(result.events).toBeGreaterThan(104);
    expect(checkTrace(trace).agrees).toBe(true);
  });

  test('are told apart from messages without end', () => {
    const awake = whyWords({ kind: 'storm', most: 40_000, isAwake: true });
    expect(awake.broken).toBe('Too much: more than 40,000 timers ran out, and no end of it.');
    const loud = whyWords({ kind: 'storm', most: 40_000, isAwake: false });
    expect(loud.look).toContain('messages that are answered by messages');
  });
});

/** Answers no read at all, as it has declared. */
class Writer extends Raft {
  override readonly capabilities = { ...new Raft().capabilities, reads: 'none' as const };

  override request(request: Request): void {
    if (!request.readOnly) super.request(request);
  }
}

test('a program without reads gets to the end of a run', () => {
  expect(grade('B1', { createServer: () => new Writer() }).why).toBeNull();
});
