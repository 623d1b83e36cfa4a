import { describe, expect, test } from 'vitest';
import type { Server } from '../../core/contract.ts';
import { createServer } from '../../core/raft-server.ts';
import { REFERENCE } from '../../scenarios/implementations.ts';
import { FULL_CAPABILITIES, serverProgram } from '../../scenarios/reference-program.ts';
import { moduleHost } from '../../sim/adapters/module-program.ts';
import { programImplementation } from '../../sim/adapters/program-implementation.ts';
import { selfTest } from '../../sim/adapters/self-test.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import type { ProfileName } from '../../sim/generate/profile-names.ts';
import type { Plan } from '../../sim/kernel/plan.ts';
import type { Capabilities } from '../../sim/protocol/capabilities.ts';
import type { Program, ProgramHost } from '../../sim/protocol/program.ts';
import { DEFAULT_RUN_OPTIONS, type Implementation, run } from '../../sim/run.ts';

type Server_ = Pick<Implementation, 'createServer' | 'createStateMachine'>;

/** A generated plan, without what the protocol has no words for. */
function planFor(seed: string, profile: ProfileName): Plan {
  const plan = generatePlan(seed, { profile });
  const heartbeatMs = Math.max(10, plan.cluster.config.heartbeatMs);
  return {
    ...plan,
    cluster: {
      ...plan.cluster,
      config: { ...plan.cluster.config, heartbeatMs },
      stateMachine: 'volatile',
      sessionExpiryMs: 0,
    },
    workload: { ...plan.workload, sessions: false, casPpm: 0, ttlPpm: 0, rangePpm: 0 },
  };
}

function asProgram(server: Server_, plan: Plan, more: Partial<Capabilities> = {}): Implementation {
  const { config } = plan.cluster;
  const capabilities: Capabilities = {
    ...FULL_CAPABILITIES,
    electionMs: [config.electionMsMin, config.electionMsMax],
    heartbeatMs: config.heartbeatMs,
    preVote: config.preVote,
    checkQuorum: config.checkQuorum,
    reads: config.reads,
    ...more,
  };
  const host = moduleHost(serverProgram(server, capabilities));
  return programImplementation('program', host, REFERENCE.createStateMachine);
}

describe('the reference as a program', () => {
  const ways: readonly [ProfileName, Partial<Capabilities>][] = [
    ['wire', {}],
    ['wire', { durability: 'barrier' }],
    ['wire', { durability: 'immediate' }],
    ['wire', { stateMachine: 'own' }],
    ['wire', { requestBatches: false, pollMs: 5 }],
    ['snapshots', { stateMachine: 'own' }],
    ['membership', {}],
    ['leases', { stateMachine: 'own', durability: 'barrier' }],
  ];
  test.each(ways)('breaks nothing under %s with %j', (profile, more) => {
    let commands = 0;
    for (let seed = 1; seed <= 12; seed += 1) {
      const plan = planFor(String(seed), profile);
      const result = run(plan, asProgram(REFERENCE, plan, more), DEFAULT_RUN_OPTIONS);
      expect([seed, result.failure, result.violations, result.verdict]).toEqual([
        seed,
        null,
        [],
        expect.stringMatching(/pass|excused/),
      ]);
      commands += result.situations['command-applied'] ?? 0;
    }
    expect(commands).toBeGreaterThan(100);
  });

  test('the same plan gives the same run', () => {
    const plan = planFor('3', 'wire');
    const digests = [1, 2].map(
      () => run(plan, asProgram(REFERENCE, plan), DEFAULT_RUN_OPTIONS).digest,
    );
    expect(digests[0]).toBe(digests[1]);
  });
});

/** The reference, with every step bent by the test. */
function bent(step: (server: Server, ...args: Parameters<Server['step']>) => void): Server_ {
  return {
    createServer: () => {
      const server = createServer();
      return { step: (event, out) => step(server, event, out) };
    },
    createStateMachine: REFERENCE.createStateMachine,
  };
}

describe('a program that is wrong loses its runs', () => {
  /** What is broken in the first seed in which something is. */
  const broken = (server: Server_, more: Partial<Capabilities> = {}) => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const plan = planFor(String(seed), 'wire');
      const result = run(plan, asProgram(server, plan, more), DEFAULT_RUN_OPTIONS);
      if (result.verdict === 'violation') return result.violations[0]!.property;
    }
    return 'nothing';
  };

  test('when it forgets what it has written', () => {
    const forgetful = bent((server, event, out) => {
      server.step(event.kind === 'start' ? { ...event, image: null } : event, out);
    });
    expect(broken(forgetful)).not.toBe('nothing');
  });

  test('when it answers before anybody else has heard', () => {
    const hasty = bent((server, event, out) => {
      server.step(event, out);
      if (event.kind !== 'request') return;
      for (const { id, command, readOnly } of event.requests) {
        if (readOnly || command.seq % 3 !== 0) continue;
        out.respond(id, 'ok', 0);
      }
    });
    expect(['nothing', 'exception']).not.toContain(broken(hasty));
  });

  test('when its own store answers what it has not found', () => {
    const wrong: Server_ = {
      createServer,
      createStateMachine: (expiryMs) => {
        const store = REFERENCE.createStateMachine(expiryMs);
        const query = store.query.bind(store);
        const apply = store.apply.bind(store);
        store.query = (command) => query(command) && 'another';
        store.apply = (...args) => apply(...args) && 'another';
        return store;
      },
    };
    expect(broken(wrong, { stateMachine: 'own' })).toBe('linearizability');
    expect(broken(wrong)).toBe('nothing');
  });
});

describe('the self-test of an adapter', () => {
  const reference = (more: Partial<Capabilities> = {}) =>
    moduleHost(serverProgram(REFERENCE, { ...FULL_CAPABILITIES, ...more }));
  const problems = (host: ProgramHost) => {
    const checks = selfTest(host, REFERENCE.createStateMachine);
    return checks.flatMap(({ name, problem }) => (problem === null ? [] : [[name, problem]]));
  };
  /** The reference, hosted by somebody who makes mistakes. */
  const hostedBy = (change: (program: Program, life: number) => Program): ProgramHost => {
    const host = reference();
    let life = 0;
    return {
      ...host,
      begin: () => {
        life += 1;
        return change(host.begin(), life);
      },
    };
  };

  test.each(['immediate', 'barrier', 'explicit'] as const)(
    'passes with durability %s',
    (durability) => {
      expect(problems(reference({ durability }))).toEqual([]);
    },
  );

  test('needs no disk where nothing survives', () => {
    const quiet = bent((server, event, out) => {
      server.step(event, { ...outOf(out), persist: (id) => acks.push(id) });
      for (let id = acks.shift(); id !== undefined; id = acks.shift()) {
        const { now, wallClock } = event;
        server.step(
          { kind: 'persisted', now, wallClock, id },
          { ...outOf(out), persist: (more) => acks.push(more) },
        );
      }
    });
    const acks: number[] = [];
    const host = moduleHost(serverProgram(quiet, { ...FULL_CAPABILITIES, durability: 'none' }));
    const capabilities = { ...host.ready.capabilities, durability: 'none' as const };
    expect(problems({ ...host, ready: { ...host.ready, capabilities } })).toEqual([]);
  });

  test('sees that answers change from run to run', () => {
    const host = hostedBy((program, life) => ({
      ...program,
      end: () => program.end(),
      answer: (event) => {
        const note = { kind: 'note', note: life } as const;
        return event.kind === 'start' ? [...program.answer(event), note] : program.answer(event);
      },
    }));
    expect(problems(host)).toEqual([
      [
        'repeats',
        expect.stringMatching(
          /^Two runs of the same plan differ \([0-9]+ and [0-9]+ events.* or on a variable that outlives the server/,
        ),
      ],
    ]);
  });

  test('sees that nothing is said, and that nothing comes of it', () => {
    const silent = hostedBy((program) => ({ answer: () => [], end: () => program.end() }));
    expect(problems(silent)).toEqual([['commits', 'No server has sent any message.']]);
    const mute = hostedBy((program) => ({
      end: () => program.end(),
      answer: (event) =>
        program
          .answer(event)
          .filter((action) => action.kind !== 'respond' || action.outcome !== 'ok'),
    }));
    expect(problems(mute)[0]).toEqual([
      'commits',
      expect.stringMatching(/^Servers have applied [1-9]/),
    ]);
  });

  test('sees a disk that comes back without its log', () => {
    const host = hostedBy((program) => ({
      end: () => program.end(),
      answer: (event) => {
        if (event.kind !== 'start' || event.durable === null) return program.answer(event);
        const { log: _log, ...durable } = event.durable;
        return program.answer({ ...event, durable });
      },
    }));
    expect(problems(host)).toEqual([['restarts', expect.stringMatching(/^n[123] /)]]);
  });
});

function outOf(out: Parameters<Server['step']>[1]) {
  return {
    send: out.send.bind(out),
    setTimer: out.setTimer.bind(out),
    cancelTimer: out.cancelTimer.bind(out),
    apply: out.apply.bind(out),
    takeSnapshot: out.takeSnapshot.bind(out),
    restore: out.restore.bind(out),
    respond: out.respond.bind(out),
    claim: out.claim.bind(out),
    halt: out.halt.bind(out),
    note: out.note.bind(out),
  };
}
