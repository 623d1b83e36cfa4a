/** Random runs with an option of the core forced on: nothing breaks, and the option has mattered. */
import { describe, expect, it } from 'vitest';
import type { ServerConfig } from '../../core/contract.ts';
import type { Facts } from '../../invariants/facts.ts';
import { REFERENCE } from '../../scenarios/implementations.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import type { ClusterPlan, DiskPlan, Plan } from '../../sim/kernel/plan.ts';
import { DEFAULT_RUN_OPTIONS, run } from '../../sim/run.ts';

const SEEDS = 150;

interface Forced {
  readonly config?: Partial<ServerConfig>;
  readonly cluster?: Partial<ClusterPlan>;
  readonly disk?: Partial<DiskPlan>;
}

function planOf(seed: number, { config, cluster, disk }: Forced): Plan {
  const plan = generatePlan(String(seed));
  return {
    ...plan,
    cluster: { ...plan.cluster, ...cluster, config: { ...plan.cluster.config, ...config } },
    disk: { ...plan.disk, ...disk },
  };
}

interface Counts {
  commitWrites: number;
  batchWrites: number;
  applyTimers: number;
  keptMachines: number;
  failures: number;
}

/** Counts what the options are about; other facts pass by. */
function recorderOf(counts: Counts): Facts {
  const counted: Partial<Facts> = {
    started(_atUs, _node, _boot, applied) {
      if (applied > 0) counts.keptMachines += 1;
    },
    timerSet(_node, timer) {
      if (timer === 'apply') counts.applyTimers += 1;
    },
    persistIssued(_node, _writeId, _stream, _after, write) {
      if (write.kind === 'hardState' && write.commitIndex > 0) counts.commitWrites += 1;
      if (write.kind === 'append' && write.entries.length > 1) counts.batchWrites += 1;
    },
    persistFailed() {
      counts.failures += 1;
    },
  };
  const ignore = () => 0;
  return new Proxy(counted as Facts, {
    get: (facts, name) => facts[name as keyof Facts] ?? ignore,
  });
}

const troubledDisk = { noticeUsMax: 30_000, failPpm: 3_000 };
const all: Forced = {
  config: { groupCommit: true, applyBatchMax: 2, persistCommitIndex: true },
  cluster: { stateMachine: 'durable', restartAfterHaltUs: 200_000 },
  disk: troubledDisk,
};

const rows: readonly [string, Forced, readonly (keyof Counts)[]][] = [
  ['group commit', { config: { groupCommit: true } }, ['batchWrites']],
  ['one entry at a time', { config: { applyBatchMax: 1 } }, ['applyTimers']],
  ['commit index on disk', { config: { persistCommitIndex: true } }, ['commitWrites']],
  ['durable state machine', { cluster: { stateMachine: 'durable' } }, ['keptMachines']],
  [
    'writes that fail',
    { cluster: { restartAfterHaltUs: 200_000 }, disk: troubledDisk },
    ['failures'],
  ],
  ['all at once', all, ['batchWrites', 'applyTimers', 'commitWrites', 'keptMachines', 'failures']],
];

describe('random runs', () => {
  it.each(rows)('hold with %s', (_name, forced, counted) => {
    const total: Counts = {
      commitWrites: 0,
      batchWrites: 0,
      applyTimers: 0,
      keptMachines: 0,
      failures: 0,
    };
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const plan = planOf(seed, forced);
      const options = { ...DEFAULT_RUN_OPTIONS, recorder: recorderOf(total) };
      const { verdict, violations } = run(plan, REFERENCE, options);
      expect({ seed, verdict, violations }).toEqual({
        seed,
        verdict: expect.stringMatching(/pass|excused/),
        violations: [],
      });
    }
    for (const name of counted) expect(total[name], name).toBeGreaterThan(SEEDS);
  });
});
