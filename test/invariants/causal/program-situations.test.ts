import { describe, expect, it } from 'vitest';
import { PROGRAM_SITUATIONS } from '../../../invariants/causal/program-situations.ts';
import { REFERENCE } from '../../../scenarios/implementations.ts';
import { FULL_CAPABILITIES, serverProgram } from '../../../scenarios/reference-program.ts';
import { SUITES } from '../../../scenarios/suites/registry.ts';
import { moduleHost } from '../../../sim/adapters/module-program.ts';
import { programImplementation } from '../../../sim/adapters/program-implementation.ts';
import { generatePlan } from '../../../sim/generate/generate-plan.ts';
import type { ProfileName } from '../../../sim/generate/profile-names.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../../../sim/run.ts';

const RUNS_MAX = 250;

describe('situations of programs', () => {
  it('are all met by the reference, in some plan or other', () => {
    const unmet = new Set(PROGRAM_SITUATIONS.map(({ id }) => id));
    const host = moduleHost(serverProgram(REFERENCE, { ...FULL_CAPABILITIES, reads: 'log' }));
    const direct = moduleHost(serverProgram(REFERENCE));
    const profiles: readonly ProfileName[] = ['figure-2', 'membership', 'snapshots'];
    for (let seed = 1; seed <= RUNS_MAX && unmet.size > 0; seed += 1) {
      const plan = generatePlan(String(seed), { profile: profiles[seed % profiles.length]! });
      const { sessions, casPpm, ttlPpm, rangePpm } = plan.workload;
      if (sessions || casPpm + ttlPpm + rangePpm > 0) continue;
      if (plan.cluster.stateMachine === 'durable') continue;
      const chosen = seed % 2 === 0 ? host : direct;
      const program = programImplementation('x', chosen, REFERENCE.createStateMachine);
      const { situations, verdict } = run(plan, program, DEFAULT_RUN_OPTIONS);
      expect([seed, verdict]).toEqual([seed, 'pass']);
      for (const id of [...unmet]) if (situations[id]! > 0) unmet.delete(id);
    }
    expect([...unmet]).toEqual([]);
  }, 60_000);

  it('are those that suites ask for', () => {
    const known = new Set(PROGRAM_SITUATIONS.map(({ id }) => id));
    const asked = SUITES.flatMap(({ tests }) =>
      tests.flatMap(({ reaches }) => reaches.map(({ situation }) => situation)),
    );
    expect(asked.length).toBeGreaterThan(0);
    expect([...new Set(asked)].filter((id) => !known.has(id as never))).toEqual([]);
  });
});
