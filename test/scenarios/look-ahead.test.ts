import { describe, expect, test } from 'vitest';
import { REFERENCE } from '../../scenarios/implementations.ts';
import { FULL_CAPABILITIES, serverProgram } from '../../scenarios/reference-program.ts';
import { LABS } from '../../scenarios/suites/labs.ts';
import { moduleHost } from '../../sim/adapters/module-program.ts';
import { programImplementation } from '../../sim/adapters/program-implementation.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import type { ProfileName } from '../../sim/generate/profile-names.ts';
import type { Plan } from '../../sim/kernel/plan.ts';
import type { ProgramAction } from '../../sim/protocol/actions.ts';
import type { Capabilities } from '../../sim/protocol/capabilities.ts';
import type { ProgramEvent } from '../../sim/protocol/events.ts';
import type { Program, ProgramHost } from '../../sim/protocol/program.ts';
import { DEFAULT_RUN_OPTIONS, type RunResult, run } from '../../sim/run.ts';

/** Programs that answer as soon as they are told, which may be before others have their turn. */
class EagerHost implements ProgramHost {
  readonly ready: ProgramHost['ready'];
  readonly looksAhead = true;
  foretold = 0;
  private readonly host: ProgramHost;

  constructor(host: ProgramHost) {
    this.host = host;
    this.ready = host.ready;
  }

  begin(): Program {
    const program = this.host.begin();
    let ready: { readonly event: ProgramEvent; readonly actions: readonly ProgramAction[] } | null =
      null;
    return {
      foretell: (event) => {
        this.foretold += 1;
        ready = { event, actions: program.answer(event) };
      },
      answer: (event) => {
        if (ready === null) return program.answer(event);
        expect(event).toBe(ready.event);
        const { actions } = ready;
        ready = null;
        return actions;
      },
      end: () => program.end(),
    };
  }

  log(): readonly string[] {
    return this.host.log();
  }
}

/** The same plan, without foretelling and with it. */
function bothWays(
  plan: Plan,
  capabilities: Capabilities,
): { readonly one: RunResult; readonly other: RunResult; readonly foretold: number } {
  const host = moduleHost(serverProgram(REFERENCE, capabilities));
  const eager = new EagerHost(host);
  const [one, other] = [host, eager].map((each) =>
    run(
      plan,
      programImplementation('program', each, REFERENCE.createStateMachine),
      DEFAULT_RUN_OPTIONS,
    ),
  ) as [RunResult, RunResult];
  return { one, other, foretold: eager.foretold };
}

/** A generated plan, without what the protocol has no words for. */
function planFor(seed: string, profile: ProfileName): Plan {
  const plan = generatePlan(seed, { profile });
  const { cluster, workload } = plan;
  const heartbeatMs = Math.max(10, cluster.config.heartbeatMs);
  const config = { ...cluster.config, heartbeatMs };
  return {
    ...plan,
    cluster: { ...cluster, config, stateMachine: 'volatile', sessionExpiryMs: 0 },
    workload: { ...workload, sessions: false, casPpm: 0, ttlPpm: 0, rangePpm: 0 },
  };
}

describe('servers that are told what comes while others are served', () => {
  test('run as those that are not: labs', () => {
    let [events, foretold] = [0, 0];
    for (const { id, plan } of LABS.tests) {
      const both = bothWays(plan(`look ahead ${id}`, FULL_CAPABILITIES), FULL_CAPABILITIES);
      expect([id, both.other]).toEqual([id, both.one]);
      events += both.one.events;
      foretold += both.foretold;
    }
    // Or nothing was tried.
    expect(foretold / events).toBeGreaterThan(0.1);
  });

  const ways: readonly [ProfileName, Partial<Capabilities>][] = [
    ['wire', {}],
    ['wire', { durability: 'barrier' }],
    ['wire', { durability: 'immediate', pollMs: 5 }],
    ['snapshots', { stateMachine: 'own' }],
    ['membership', {}],
    ['leases', {}],
  ];
  test.each(ways)('run as those that are not: %s with %j', (profile, more) => {
    let foretold = 0;
    for (let seed = 1; seed <= 15; seed += 1) {
      const plan = planFor(`${seed}`, profile);
      const { config } = plan.cluster;
      const { heartbeatMs, preVote, checkQuorum, reads } = config;
      const electionMs: [number, number] = [config.electionMsMin, config.electionMsMax];
      const timing = { electionMs, heartbeatMs, preVote, checkQuorum, reads };
      const both = bothWays(plan, { ...FULL_CAPABILITIES, ...timing, ...more });
      expect([seed, both.other]).toEqual([seed, both.one]);
      foretold += both.foretold;
    }
    expect(foretold).toBeGreaterThan(50);
  });
});
