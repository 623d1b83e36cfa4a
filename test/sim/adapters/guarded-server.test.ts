import { describe, expect, it } from 'vitest';
import type { CreateServer, Outbox, Server } from '../../../core/contract.ts';
import { AssertionError } from '../../../invariants/assert.ts';
import { REFERENCE } from '../../../scenarios/implementations.ts';
import { guarded } from '../../../sim/adapters/guarded-server.ts';
import { generatePlan } from '../../../sim/generate/generate-plan.ts';
import { ContractError } from '../../../sim/kernel/server-outbox.ts';
import { DEFAULT_RUN_OPTIONS, type RunResult, run } from '../../../sim/run.ts';

const plan = generatePlan('1');

function foreign(createServer: CreateServer) {
  return { ...REFERENCE, id: 'foreign', isTrusted: false, createServer: guarded(createServer) };
}

/** A server that does this at its start, and nothing else. */
function runWith(act: (out: Outbox) => void): RunResult {
  const step: Server['step'] = (event, out) => {
    if (event.kind === 'start') act(out);
  };
  return run(
    plan,
    foreign(() => ({ step })),
    DEFAULT_RUN_OPTIONS,
  );
}

describe('a guarded server', () => {
  it('runs as the bare one does', () => {
    const bare = run(plan, REFERENCE, DEFAULT_RUN_OPTIONS);
    const behind = run(plan, foreign(REFERENCE.createServer), DEFAULT_RUN_OPTIONS);
    expect(behind.digest).toBe(bare.digest);
  });

  it.each<[string, (out: Outbox) => void]>([
    ['a body of another kind', (out) => out.send(2, { kind: 'x', term: 1 } as never)],
    ['a body without a kind', (out) => out.send(2, {} as never)],
    ['no body', (out) => out.send(2, undefined as never)],
    ['a body that JSON cannot carry', (out) => out.send(2, { kind: 'x', size: 1n } as never)],
    ['a server that is none', (out) => out.send(9, { kind: 'x' } as never)],
    ['a timer without a name', (out) => out.setTimer(undefined as never, 1, 2)],
    ['a timer without a time', (out) => out.setTimer('t', Number.NaN, 2)],
    ['a write of no kind', (out) => out.persist(1, 'log', 0, { kind: 'put' } as never)],
    ['a write without an id', (out) => out.persist(null as never, 'log', 0, null as never)],
    ['an entry without a command', (out) => out.apply(1, { term: 1 } as never)],
    ['an outcome that is none', (out) => out.respond('1.1/1', 'yes' as never, 0)],
    ['a role that is none', (out) => out.claim('king' as never, 1)],
  ])('is to blame for %s', (_, act) => {
    const { verdict, reason, events } = runWith(act);
    expect(reason).toMatch(/^ContractError: /);
    expect({ verdict, events }).toEqual({ verdict: 'exception', events: 1 });
  });

  it('is not to blame for what fails in the bench', () => {
    const step: Server['step'] = (_, out) => out.note('x');
    const server = guarded(() => ({ step }))();
    const failing = (error: Error): Outbox =>
      ({
        note: () => {
          throw error;
        },
      }) as Partial<Outbox> as Outbox;
    const event = { kind: 'timer', name: 't', now: 0, wallClock: 0 } as const;
    expect(() => server.step(event, failing(new TypeError('x')))).toThrow(AssertionError);
    expect(() => server.step(event, failing(new ContractError('x')))).toThrow(ContractError);
  });

  it('changes nothing that it has sent', () => {
    const body = { kind: 'RequestVoteResponse', term: 1, voteGranted: false, list: [1] };
    const bodies: unknown[] = [];
    const step: Server['step'] = (event, out) => {
      if (event.kind === 'message') bodies.push(JSON.stringify(event.body));
      if (event.kind !== 'start' || event.self !== 1 || event.boot > 0) return;
      out.send(2, body as never);
      body.list.push(2);
    };
    run(
      plan,
      foreign(() => ({ step })),
      DEFAULT_RUN_OPTIONS,
    );
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).toContain('"list":[1]}');
  });
});
