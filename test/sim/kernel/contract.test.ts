/** What a server must not do is its own failure, in the event in which it does it. */
import { describe, expect, test } from 'vitest';
import type { CreateServer, Outbox, Write } from '../../../core/contract.ts';
import { KeyValueStore } from '../../../core/state-machine.ts';
import { DEFAULT_RUN_OPTIONS, type Implementation, run, StartError } from '../../../sim/run.ts';
import { FactRecords } from '../../../sim/trace/fact-records.ts';
import { reference } from '../implementations.ts';
import { at, mark, planOf, type Script, ticking, watchAny } from './probe.ts';

/** Takes all facts and does nothing with them. */
class Silent extends FactRecords {
  protected override take(): void {}
}

const write: Write = { kind: 'append', entries: [] };

/** Server 2 does this at 20 ms. */
function misbehaving(act: (out: Outbox) => void): Script {
  return ticking(10, (out, nth, { node }) => {
    if (node === 2 && nth === 2) act(out);
  });
}

describe('an implementation fails', () => {
  test.each<[string, (out: Outbox) => void, RegExp]>([
    ['a message to itself', (out) => out.send(2, mark(1)), /send: .* 1 to 3, got 2$/],
    ['a message to nobody', (out) => out.send(0, mark(1)), /send: .* got 0$/],
    ['a message to a stranger', (out) => out.send(4, mark(1)), /send: .* got 4$/],
    ['a message to no number', (out) => out.send(Number.NaN, mark(1)), /send: .* got NaN$/],
    ['no message', (out) => out.send(1, null as never), /send: expected a message, got null$/],
    ['a range upside down', (out) => out.setTimer('t', 5, 4), /setTimer t: .* got 5, 4$/],
    ['a time in the past', (out) => out.setTimer('t', -1, 4), /setTimer t: .* got -1, 4$/],
    ['no time', (out) => out.setTimer('t', 1, Number.NaN), /setTimer t: .* got 1, NaN$/],
    ['no entry', (out) => out.apply(1, undefined as never), /apply: .* at 1, got undefined$/],
    [
      'a write id that is used again',
      (out) => {
        out.persist(5, 'a', 0, write);
        out.persist(5, 'b', 0, write);
      },
      /persist: expected an id above 5, got 5$/,
    ],
    ['a write id that is none', (out) => out.persist(0, 'a', 0, write), /above 0, got 0$/],
    ['a write id of no number', (out) => out.persist(Number.NaN, 'a', 0, write), /got NaN$/],
    [
      'an exception',
      () => {
        throw new RangeError('my own');
      },
      /^RangeError: my own$/,
    ],
  ])('by %s', (_, act, reason) => {
    const { result } = watchAny(planOf(), misbehaving(act));
    expect(result.verdict).toBe('exception');
    expect(result.reason).toMatch(reason);
    // Three starts and a tick of each come first, then one of server 1.
    expect(result.exception).toMatchObject({ node: 2, event: 8 });
    expect(result.exception!.stack).toContain('contract.test.ts');
    expect(result.virtualUs).toBe(20_000);
  });

  test('also when what it throws is no error', () => {
    const { result } = watchAny(
      planOf(),
      misbehaving(() => {
        throw 'words';
      }),
    );
    expect(result).toMatchObject({ verdict: 'exception', reason: 'words' });
    expect(result.exception).toEqual({ node: 2, event: 8, stack: 'words' });
  });

  test('at its first step', () => {
    const { result } = watchAny(planOf(), (event) => {
      if (event.kind === 'start') throw new Error('not even once');
    });
    expect(result).toMatchObject({ verdict: 'exception', events: 1 });
    expect(result.exception).toMatchObject({ node: 1, event: 1 });
  });

  test('but ids may have gaps, and timers no length', () => {
    const { result } = watchAny(planOf(), (event, out) => {
      if (event.kind !== 'start') return;
      out.persist(5, 'a', 0, write);
      out.persist(900, 'a', 0, write);
      out.setTimer('t', 0, 0);
    });
    expect(result.verdict).toBe('pass');
  });
});

describe('a server that cannot be made', () => {
  const boom = (): never => {
    throw new Error('boom');
  };
  const runWith = (implementation: Partial<Implementation>, faults = planOf().faults) =>
    run(planOf({ faults }), { ...reference, ...implementation }, DEFAULT_RUN_OPTIONS);

  /** Throws when the nth server is made. */
  function failingAt<T>(nth: number, create: () => T): () => T {
    let made = 0;
    return () => {
      made += 1;
      return made === nth ? boom() : create();
    };
  }

  test('was never put to the test, when it is the first', () => {
    expect(() => runWith({ createServer: boom })).toThrow(StartError);
    expect(() => runWith({ createServer: boom })).toThrow('Error: boom');
    expect(() => runWith({ createStateMachine: boom })).toThrow(StartError);
  });

  const lazy: CreateServer = () => ({ step: () => {} });
  const crash = { do: 'crash', node: 3, restartUs: 1_000, keep: 'none' } as const;
  const ways: [string, (nth: number) => Partial<Implementation>][] = [
    ['the server', (nth) => ({ createServer: failingAt(nth, lazy) })],
    [
      'its state machine',
      (nth) => ({
        createServer: lazy,
        createStateMachine: failingAt(nth, () => new KeyValueStore()),
      }),
    ],
  ];

  test.each(ways)('fails later on: %s', (_, way) => {
    const second = runWith(way(2));
    expect(second.exception).toMatchObject({ node: 2, event: 1 });
    const restarted = runWith(way(4), [at(10_000, crash)]);
    expect(restarted).toMatchObject({ verdict: 'exception', virtualUs: 11_000 });
    expect(restarted.exception).toMatchObject({ node: 3, event: 3 });
  });
});

test('a state machine that cannot show what it holds is the failure of its server', () => {
  class Shy extends KeyValueStore {
    override contents(): never {
      throw new Error('not for you');
    }
  }
  const phases = { chaosUs: 500_000, settle: true };
  const plan = planOf({ phases });
  const result = run(
    plan,
    { ...reference, createStateMachine: () => new Shy() },
    DEFAULT_RUN_OPTIONS,
  );
  expect(result).toMatchObject({ verdict: 'exception', reason: 'Error: not for you' });
  expect(result.exception).toMatchObject({ node: 1 });
});

test('what the bench itself throws is the failure of no server', () => {
  const phases = { ...planOf().phases, chaosUs: 500_000, settle: true };
  for (const fact of ['phaseBegan', 'inspected', 'stateInspected', 'invoked'] as const) {
    class Broken extends Silent {}
    let calls = 0;
    Broken.prototype[fact] = () => {
      calls += 1;
      // At the start of the run no server has run yet.
      if (fact !== 'phaseBegan' || calls > 1) throw new Error(`broken: ${fact}`);
    };
    const workload = { ...planOf().workload, clients: 1 };
    const plan = planOf({ phases, workload });
    const recorder = new Broken();
    const running = () => run(plan, reference, { ...DEFAULT_RUN_OPTIONS, recorder });
    expect(running).toThrow(`broken: ${fact}`);
  }
});
