import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REFERENCE } from '../../scenarios/implementations.ts';
import { FULL_CAPABILITIES, serverProgram } from '../../scenarios/reference-program.ts';
import { LABS } from '../../scenarios/suites/labs.ts';
import { moduleHost } from '../../sim/adapters/module-program.ts';
import { programImplementation } from '../../sim/adapters/program-implementation.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import { completePlan } from '../../sim/load-plan.ts';
import type { Implementation } from '../../sim/run.ts';
import { isStep } from '../../sim/trace/format.ts';
import { thrower, yesMan } from './implementations.ts';
import { traced } from './traced.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/trace.md'), 'utf8');
const documented = new Set([...text.matchAll(/`(\w+)`/g)].map(([, name]) => name!));

function asProgram(): Implementation {
  const host = moduleHost(serverProgram(REFERENCE));
  return programImplementation('test:program', host, REFERENCE.createStateMachine);
}

describe('docs/trace.md', () => {
  const runs = [
    traced(generatePlan('1')),
    traced(generatePlan('3'), yesMan),
    traced(LABS.tests[0]!.plan('1', FULL_CAPABILITIES), asProgram()),
    traced(completePlan({ images: [{ node: 1, currentTerm: 1, log: [] }] }), thrower),
  ];

  it('names every fact and every key of a trace', () => {
    const used = new Set<string>();
    for (const { trace } of runs) {
      const { header, records, end } = trace;
      const items = records.flatMap((record) => (isStep(record) ? record.actions : []));
      for (const name of [...Object.keys(header), ...Object.keys(end)]) used.add(name);
      for (const record of [...records, ...items]) {
        for (const name of [record.k, ...Object.keys(record)]) used.add(name);
      }
    }
    expect(used.size).toBeGreaterThan(50);
    expect([...used].filter((name) => !documented.has(name))).toEqual([]);
  });

  it('names every verdict and every end of a step', () => {
    const names = ['pass', 'violation', 'excused', 'storm', 'exception', 'done', 'crashed', 'open'];
    expect(names.filter((name) => !documented.has(name))).toEqual([]);
  });
});
