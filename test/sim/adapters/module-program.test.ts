import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moduleHost } from '../../../sim/adapters/module-program.ts';
import type { ProgramEvent } from '../../../sim/protocol/events.ts';

const timer: ProgramEvent = { kind: 'timer', now: 5, name: 'election' };

function answering(answer: (event: ProgramEvent) => unknown) {
  return moduleHost({ createServer: () => ({ handle: answer }) }).begin();
}

/** What it says of itself, or why not. */
function failureOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    const { name, kind, message } = error as Error & { kind?: string };
    return kind === undefined ? `${name}: ${message}` : `${kind}: ${message}`;
  }
}

describe('a module as a host of programs', () => {
  test('says what its servers can do, or what it says itself', () => {
    const handle = () => [];
    const own = moduleHost({ createServer: () => ({ handle, capabilities: { claims: true } }) });
    expect(own.ready.capabilities).toMatchObject({ claims: true, durability: 'none', pollMs: 0 });
    const shared = moduleHost({
      createServer: () => ({ handle }),
      capabilities: { pollMs: 10 },
      name: 'mine',
    });
    expect(shared.ready).toMatchObject({ name: 'mine', capabilities: { pollMs: 10 } });
  });

  test('says which capability is wrong', () => {
    const build = () =>
      moduleHost({
        createServer: () => ({ handle: () => [] }),
        capabilities: { durabilty: 'none' },
      });
    expect(failureOf(build)).toBe(
      'PROTOCOL: capability "durabilty" is unknown; did you mean "durability"?',
    );
  });

  test('needs servers with a method handle', () => {
    expect(failureOf(() => moduleHost({ createServer: () => ({ step: 1 }) }))).toBe(
      'HarnessError: createServer() must return an object with a method handle(event), not {"step":1}.',
    );
  });

  test('fills in what actions leave out', () => {
    const program = answering(() => [{ kind: 'persist', id: 1, write: { put: {} } }]);
    expect(program.answer(timer)).toEqual([
      { kind: 'persist', id: 1, stream: 'main', after: 0, write: { put: {} } },
    ]);
  });

  test('shares nothing with the world', () => {
    const entries: unknown[] = [1];
    const program = answering((event) => {
      if (event.kind === 'message') (event.body as number[]).push(2);
      return [{ kind: 'send', to: 'n2', body: { entries, none: undefined } }];
    });
    const body = [1];
    const [sent] = program.answer({ kind: 'message', now: 1, from: 'n1', body });
    entries.push(3);
    expect(sent).toEqual({ kind: 'send', to: 'n2', body: { entries: [1] } });
    expect(body).toEqual([1]);
  });

  test('tells where a program has thrown', () => {
    const program = answering(() => {
      throw new RangeError('no crown');
    });
    expect(failureOf(() => program.answer(timer))).toMatch(
      /^CRASH: threw on line 2 \(timer election\): RangeError: no crown \(module-program\.test\.ts:[0-9]+\)$/,
    );
  });

  const circle: unknown[] = [];
  circle.push(circle);
  const wrong: readonly [string, unknown, string][] = [
    ['no list', undefined, 'handle() must return a list of actions, not nothing'],
    ['a promise', Promise.resolve([]), 'handle() must return a list of actions, not a promise'],
    [
      'a function in a body',
      [{ kind: 'send', to: 'n2', body: { f: () => 1 } }],
      'action 1.body.f is a function (() => 1), which JSON cannot carry',
    ],
    [
      'a Map in a body',
      [{ kind: 'send', to: 'n2', body: new Map() }],
      'action 1.body is a Map, which JSON cannot carry: send a list or an object',
    ],
    [
      'no number',
      [{ kind: 'note', note: Number.NaN }],
      'action 1.note is NaN, which JSON cannot carry',
    ],
    [
      'a server that cannot be',
      [
        { kind: 'note', note: 1 },
        { kind: 'send', to: 2, body: 1 },
      ],
      'action 2 (send): field "to" must be a server, "n1" to "n7", not 2',
    ],
    ['no body', [{ kind: 'send', to: 'n2' }], 'action 1 (send): field "body" is missing'],
  ];
  test.each(wrong)('says what is wrong with %s', (_what, answer, message) => {
    const program = answering(() => answer);
    expect(failureOf(() => program.answer(timer))).toBe(
      `PROTOCOL: line 2 (timer election): ${message}`,
    );
  });

  test('ends what is nested in itself', () => {
    const program = answering(() => [{ kind: 'note', note: circle }]);
    expect(failureOf(() => program.answer(timer))).toContain('is nested too deep, or in itself');
  });

  test('takes no more than ten thousand actions', () => {
    const program = answering(() => new Array(10_001).fill({ kind: 'cancelTimer', name: 'a' }));
    expect(failureOf(() => program.answer(timer))).toBe(
      'LIMIT: line 2 (timer election): answered with 10,001 actions; the limit is 10,000',
    );
  });

  test('carries any JSON there and back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const program = answering((event) => [
          { kind: 'send', to: 'n2', body: event.kind === 'message' ? event.body : null },
        ]);
        const [sent] = program.answer({
          kind: 'message',
          now: 1,
          from: 'n1',
          body: value as never,
        });
        expect(sent).toEqual({ kind: 'send', to: 'n2', body: JSON.parse(JSON.stringify(value)) });
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
