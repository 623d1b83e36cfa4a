import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { REFERENCE } from '../../../scenarios/implementations.ts';
import { serverProgram } from '../../../scenarios/reference-program.ts';
import { moduleHost } from '../../../sim/adapters/module-program.ts';
import { programImplementation } from '../../../sim/adapters/program-implementation.ts';
import { auditLives } from '../../../sim/adapters/stdio-audit.ts';
import { stdioCommand } from '../../../sim/adapters/stdio-command.ts';
import { DEFAULT_STDIO_OPTIONS, StdioHost } from '../../../sim/adapters/stdio-host.ts';
import { generatePlan } from '../../../sim/generate/generate-plan.ts';
import type { Plan } from '../../../sim/kernel/plan.ts';
import { DEFAULT_PLAN } from '../../../sim/load-plan.ts';
import { doneSchema } from '../../../sim/protocol/actions.ts';
import { readySchema } from '../../../sim/protocol/capabilities.ts';
import { eventSchema, helloSchema } from '../../../sim/protocol/event-schemas.ts';
import type { ProgramHost } from '../../../sim/protocol/program.ts';
import { DEFAULT_RUN_OPTIONS, type RunResult, run } from '../../../sim/run.ts';

import { ALL_HOLD, firstRuns } from '../../sdk/first-runs.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const { createStateMachine } = REFERENCE;

function played(plan: Plan, host: ProgramHost): RunResult {
  return run(plan, programImplementation('program', host, createStateMachine), DEFAULT_RUN_OPTIONS);
}

describe('the reference as a process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whitewater-test-'));
  const path = join(folder, 'reference.mjs');
  afterAll(() => rmSync(folder, { recursive: true }));
  buildSync({
    stdin: {
      contents: `
        import { serveModule } from './sim/adapters/serve-module.ts';
        import { serverProgram } from './scenarios/reference-program.ts';
        import { REFERENCE } from './scenarios/implementations.ts';
        serveModule(serverProgram(REFERENCE));`,
      resolveDir: ROOT,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    external: ['esbuild'],
    outfile: path,
  });
  const command = stdioCommand([process.execPath, path], ROOT);

  test('does what it does in this process, whether or not lives share a process', () => {
    const over = new StdioHost(command);
    const within = moduleHost(serverProgram(REFERENCE));
    try {
      for (const plan of [
        DEFAULT_PLAN,
        generatePlan(String(1), { profile: 'programs' }),
        generatePlan(String(2), { profile: 'programs' }),
        generatePlan(String(3), { profile: 'programs' }),
      ]) {
        const { digest, verdict, reason } = played(plan, over);
        const expected = played(plan, within);
        expect({ digest, verdict, reason }).toEqual({
          digest: expected.digest,
          verdict: expected.verdict,
          reason: expected.reason,
        });
      }
    } finally {
      over.close();
    }
    const audit = auditLives(
      generatePlan(String(4), { profile: 'programs' }),
      command,
      DEFAULT_STDIO_OPTIONS,
      createStateMachine,
    );
    expect(audit.agrees).toBe(true);
    expect(audit.process.digest).toBe(
      played(generatePlan(String(4), { profile: 'programs' }), within).digest,
    );
  });
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython)
  console.warn('SKIPPED: Python is not installed, so the Raft in Python is not tried.');
if (!hasPython && process.env['CI'] !== undefined) throw new Error('CI must have python3.');

describe.runIf(hasPython)('Raft in Python', () => {
  const command = stdioCommand(['python3', 'sdk/python/raft.py'], ROOT);

  test('holds in generated plans, and answers clients', () => {
    const host = new StdioHost(command);
    let acknowledged = 0;
    try {
      for (let seed = 1; seed <= 5; seed += 1) {
        const { verdict, violations, failure, statistics } = played(
          generatePlan(String(seed), { profile: 'programs' }),
          host,
        );
        expect({ seed, verdict, violations, failure }).toEqual({
          seed,
          verdict: 'pass',
          violations: [],
          failure: null,
        });
        acknowledged += statistics['acknowledged']!;
      }
    } finally {
      host.close();
    }
    expect(acknowledged).toBeGreaterThan(100);
  });

  test('holds in the first runs of tests of all the labs', () => {
    const host = new StdioHost(command);
    try {
      expect(firstRuns(host)).toEqual(ALL_HOLD);
    } finally {
      host.close();
    }
  });

  test('takes snapshots, and sends them to who was away', () => {
    const host = new StdioHost(command);
    const { cluster, workload } = DEFAULT_PLAN;
    const plan: Plan = {
      ...DEFAULT_PLAN,
      cluster: { ...cluster, config: { ...cluster.config, snapshotEntries: 5 } },
      workload: { ...workload, intervalUs: 10_000 },
      faults: [
        {
          when: { atUs: 500_000 },
          what: { do: 'crash', node: 1, restartUs: 1_000_000, keep: 'drawn' },
        },
      ] as unknown as Plan['faults'],
    };
    try {
      const { verdict, violations, situations } = played(plan, host);
      expect({ verdict, violations }).toEqual({ verdict: 'pass', violations: [] });
      expect(situations['snapshot-taken']).toBeGreaterThan(5);
      expect(situations['snapshot-installed']).toBeGreaterThan(0);
    } finally {
      host.close();
    }
  });

  test('forgets everything at a second start', () => {
    const { agrees } = auditLives(
      generatePlan(String(6), { profile: 'programs' }),
      command,
      DEFAULT_STDIO_OPTIONS,
      createStateMachine,
    );
    expect(agrees).toBe(true);
  });
});

test('the session in the documents is of the protocol', () => {
  const text = readFileSync(join(ROOT, 'docs/protocol.md'), 'utf8');
  const lines = text.split('\n').filter((line) => /^ {4}[→←] /.test(line));
  const written = z.union([helloSchema, eventSchema]);
  const answered = z.union([readySchema, doneSchema]);
  expect(lines.length).toBeGreaterThan(30);
  for (const line of lines) {
    const schema = line.startsWith('    →') ? written : answered;
    expect({ line, ok: schema.safeParse(JSON.parse(line.slice(6))).success }).toEqual({
      line,
      ok: true,
    });
  }
});
