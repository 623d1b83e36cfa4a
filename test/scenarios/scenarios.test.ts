import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REFERENCE } from '../../scenarios/implementations.ts';
import { bundleMutant } from '../../scenarios/mutants/bundle.ts';
import { MUTANTS } from '../../scenarios/mutants/catalogue.ts';
import { loadBundle } from '../../scenarios/mutants/load.ts';
import { findScenario, SCENARIOS } from '../../scenarios/registry.ts';
import { RunRecord } from '../../scenarios/run-record.ts';
import { runScenario, type Scenario } from '../../scenarios/scenario.ts';
import { planSchema } from '../../sim/plan-schema.ts';
import { DEFAULT_RUN_OPTIONS, type Implementation, run } from '../../sim/run.ts';

/** A bug for each scenario that its criterion, and not only some property, must see. */
const BUGS: Readonly<Record<string, string>> = {
  'single-node-startup': 'vote-not-persisted',
  'three-healthy-nodes': 'equal-term-ae-refused',
  'leader-failure': 'vote-kept-across-terms',
  'split-vote': 'revote-same-term',
  'term-synchronization': 'stale-term-ae-accepted',
  'single-entry': 'leader-counted-twice',
  'consecutive-entries': 'truncate-on-every-ae',
  'follower-recovery': 'heartbeat-skips-consistency-check',
  heartbeats: 'equal-term-ae-refused',
  'commit-propagation': 'follower-commit-clamped-to-own-last',
  'election-safety': 'leader-counted-twice',
  'leader-completeness': 'log-check-missing',
  'state-machine-safety': 'conflict-not-truncated',
  'figure-8-prevention': 'commit-prior-term-by-count',
  'log-matching': 'conflict-not-truncated',
  'server-addition': 'learner-counted-in-quorum',
  'server-removal': 'naive-multi-node-swap',
  'joint-consensus': 'joint-vote-union-majority',
  'configuration-commitment': 'quorum-size-cached',
  'change-availability': 'new-leader-ignores-uncommitted-config',
  'joint-majorities': 'leave-joint-before-commit',
  'leadership-race': 'revote-same-term',
  'former-candidate-double-vote': 'vote-cleared-in-same-term',
  'delayed-vote-requests': 'vote-lower-term-granted',
  'candidate-viability': 'log-check-index-only',
  'even-halves': 'quorum-even-off-by-one',
  'check-quorum': 'pending-dropped-silently',
  'pre-vote': 'prevote-no-lease-check',
  'pre-vote-split': 'prevote-grant-counted-as-vote',
  'split-vote-bound': 'timer-not-randomised',
  'timer-reset': 'timer-reset-on-any-rv',
  'outdated-heartbeats': 'stale-append-resets-timer',
  'partial-append-entries': 'append-loop-stops-at-existing',
  'indirect-commit-stale-leader': 'new-leader-no-noop',
  'tail-behind-heartbeat': 'ack-reports-last-index',
  'idle-traffic': 'dedup-does-not-advance-watermark',
  'liveness-through-conflict': 'conflict-hint-loops',
  'long-divergence-sync': 'conflict-hint-loops',
  'suffix-collision': 'conflict-not-truncated',
  'follower-rollback-match-index': 'match-survives-reign',
  'swap-node': 'naive-multi-node-swap',
  'wiped-server': 'learner-counted-in-quorum',
  'learner-promoted-unawares': 'learner-refuses-vote',
  'growing-from-one': 'fast-commit-across-config-entry',
  'retired-node-delayed-responses': 'commit-needs-one-more',
  'overlapping-reconfigurations': 'leave-joint-before-commit',
  'single-server-2015': 'single-server-2015',
  'removed-leader': 'removed-leader-counts-self',
  'removed-server-keeps-log': 'removed-node-resurrected-empty',
  'one-way-partition': 'precandidate-keeps-leader',
  'bridge-partition': 'prevote-no-lease-check',
  'old-messages': 'stale-vote-reply-counted',
  'late-append-entries': 'stale-term-ae-accepted',
  'crash-recovery': 'vote-not-persisted',
  'partition-recovery': 'log-check-term-only',
  'term-reintegration': 'higher-term-in-answer-ignored',
  'joint-entry-found': 'new-leader-ignores-uncommitted-config',
  'joint-entry-lost': 'config-not-rolled-back',
  'crash-before-persist': 'vote-reply-before-persist',
  'crash-before-send': 'vote-not-persisted',
  'lost-unsynced-tail': 'follower-acks-before-fsync',
  'restart-from-snapshot': 'compact-before-snapshot-durable',
  'snapshot-catch-up': 'install-keeps-conflicting-suffix',
  'stale-leader-read': 'read-local-at-leader',
  'session-retry': 'retry-applied-twice',
  'conflict-at-snapshot-boundary': 'snapshot-boundary-empty-ae',
  'stale-snapshot': 'install-stale-snapshot',
  'snapshot-append-race': 'install-does-not-move-commit',
  'own-snapshot-late': 'local-snapshot-overwrites-installed',
  'lease-drift': 'lease-no-drift-margin',
  'lease-after-pause': 'lease-in-ticks-with-pause',
  'read-before-own-commit': 'readindex-before-own-term-commit',
  'duplicate-before-commit': 'dedup-recorded-at-append',
  'nominate-successor': 'lost-append-not-resent',
  'late-nomination': 'force-campaign-skips-log-check',
  'figure-7': 'conflict-overwrites-slot-only',
  'figure-8': 'commit-prior-term-by-count',
  'figure-8-committed': 'log-check-missing',
};

/** Fewer for the one that takes long. */
function seedsOf({ id }: Scenario): string[] {
  const count = id === 'state-machine-safety' ? 5 : 10;
  return Array.from({ length: count }, (_, seed) => String(seed));
}

/** Each is bundled once, for all who name it. */
const mutants = new Map<string, Promise<Implementation>>();

function loadMutant(id: string): Promise<Implementation> {
  const mutant = MUTANTS.find((candidate) => candidate.id === id);
  if (mutant === undefined) throw new Error(`No mutant ${id}.`);
  const bundled = mutants.get(id) ?? bundleMutant(mutant, { assertionsOff: true }).then(loadBundle);
  mutants.set(id, bundled);
  return bundled;
}

function emptyRecordOf({ plan }: Scenario): RunRecord {
  const { size, spares } = plan.cluster;
  return new RunRecord(size + spares, size);
}

function recordOf(scenario: Scenario): RunRecord {
  const record = emptyRecordOf(scenario);
  run(scenario.plan, REFERENCE, { ...DEFAULT_RUN_OPTIONS, recorder: record });
  return record;
}

const records = new Map(SCENARIOS.map((scenario) => [scenario.id, recordOf(scenario)]));

describe.each(SCENARIOS)('$id', (scenario) => {
  it('is met by the reference', () => {
    const { result, criterion, passed } = runScenario(scenario, REFERENCE);
    expect({ criterion, verdict: result.verdict, violations: result.violations }).toEqual({
      criterion: null,
      verdict: 'pass',
      violations: [],
    });
    expect(passed).toBe(true);
  });

  it('is met with other luck', () => {
    for (const seed of seedsOf(scenario)) {
      const plan = { ...scenario.plan, seed };
      const { criterion, passed } = runScenario({ ...scenario, plan }, REFERENCE);
      expect({ seed, criterion, passed }).toEqual({ seed, criterion: null, passed: true });
    }
  });

  it('is the same run twice', () => {
    const first = runScenario(scenario, REFERENCE).result;
    const second = runScenario(scenario, REFERENCE).result;
    expect(second).toEqual(first);
  });

  it('is not met when nothing happens', () => {
    const answer = scenario.criterion(emptyRecordOf(scenario));
    expect(answer).toMatch(/\.$/);
  });

  it('is not met by the runs of other scenarios', () => {
    const met = SCENARIOS.filter(
      (other) => other !== scenario && scenario.criterion(records.get(other.id)!) === null,
    );
    // That nothing goes wrong is also seen where other things are shown.
    const isCalm = ['three-healthy-nodes', 'heartbeats'].includes(scenario.id);
    if (isCalm) expect(met.length).toBeLessThan(SCENARIOS.length - 1);
    else expect(met.map(({ id }) => id)).toEqual([]);
  });

  it(`is not met by a core with the bug ${BUGS[scenario.id]}`, async () => {
    const implementation = await loadMutant(BUGS[scenario.id]!);
    const { criterion, passed } = runScenario(scenario, implementation, { stopAtFirst: false });
    expect(criterion).toMatch(/\.$/);
    expect(passed).toBe(false);
  });

  it('has a plan that a file could hold', () => {
    expect(planSchema.parse(JSON.parse(JSON.stringify(scenario.plan)))).toEqual(scenario.plan);
  });
});

describe('the registry', () => {
  it('has five scenarios or more for each milestone, the extensions, and the two figures', () => {
    const count = (milestone: Scenario['milestone']) =>
      SCENARIOS.filter((scenario) => scenario.milestone === milestone).length;
    expect([count(1), count(2), count(3), count(4)]).toEqual([5, 5, 5, 6]);
    expect([count('extension'), count('figure')]).toEqual([13, 3]);
    expect([count('election'), count('replication'), count('recovery')]).toEqual([11, 8, 9]);
    expect([count('membership'), count('network')]).toEqual([9, 4]);
  });

  it('has an id of its own for each', () => {
    expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
    for (const { id } of SCENARIOS) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('finds by id', () => {
    expect(findScenario('figure-8')?.title).toMatch(/^Figure 8/);
    expect(findScenario('figure-9')).toBeNull();
  });
});

describe('runScenario', () => {
  it('hands the facts to a recorder as well', () => {
    const scenario = findScenario('single-entry')!;
    const recorder = new RunRecord(3);
    const { passed, result } = runScenario(scenario, REFERENCE, { recorder });
    expect(passed).toBe(true);
    expect(recorder.sends.length).toBeGreaterThan(0);
    expect(result).toEqual(runScenario(scenario, REFERENCE).result);
  });
});

describe('docs/scenarios.md', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/scenarios.md'), 'utf8');

  it('lists every scenario, in order', () => {
    const rows = [...text.matchAll(/^\| `([a-z0-9-]+)` \| (.+?) \| (.+?) \| .+ \|$/gm)];
    expect(rows.map(([, id, section, claim]) => ({ id, section, claim }))).toEqual(
      SCENARIOS.map(({ id, section, claim }) => ({ id, section, claim })),
    );
  });
});
