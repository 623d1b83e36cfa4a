import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { zooText } from '../../cli/zoo-text.ts';
import { MUTANTS, mutantOf } from '../../scenarios/mutants/catalogue.ts';
import { examineAll, type ZooOptions, type ZooPort } from '../../scenarios/mutants/zoo.ts';
import { ZOO_HERE } from '../../scenarios/mutants/zoo-here.ts';
import {
  addRun,
  caughtOtherwise,
  joinRuns,
  NO_RUNS,
  type RunOutcome,
} from '../../scenarios/mutants/zoo-run.ts';
import { completePlan } from '../../sim/load-plan.ts';

const PLAN = completePlan({});
const PASS: RunOutcome = { verdict: 'pass', hits: [], events: 10, reason: null, wrong: null };
const KILL: RunOutcome = {
  verdict: 'violation',
  hits: [
    { property: 'log-matching', step: 3 },
    { property: 'election-safety', step: 8 },
  ],
  events: 20,
  reason: null,
  wrong: null,
};
const THROWN: RunOutcome = {
  verdict: 'exception',
  hits: [],
  events: 5,
  reason: 'TypeError: no such thing',
  wrong: null,
};

function options(ids: readonly string[], rest: Partial<ZooOptions> = {}): ZooOptions {
  const mutants = ids.map((id) => mutantOf(id)!);
  return { mutants, directed: [], seeds: 4, fromSeed: '1', jobs: 1, ...rest };
}

/** Answers from a script: which mutant has which outcomes. */
function scripted(script: Readonly<Record<string, readonly RunOutcome[]>>): ZooPort {
  return {
    runPlans: async (bundle, plans) => plans.map((_, i) => script[bundle.id]![i]!),
    runSeeds: async (bundle, from, count, stopAtFirstKill) => {
      let runs = NO_RUNS;
      for (const [i, outcome] of (script[bundle.id] ?? []).slice(0, count).entries()) {
        runs = addRun(runs, String(Number(from) + i), outcome);
        if (stopAtFirstKill && runs.kill !== null) break;
      }
      return runs;
    },
  };
}

describe('the zoo', () => {
  it('notes the first hit of each property, and what it took', async () => {
    const port = scripted({ 'mutant:revote-same-term': [PASS, THROWN, KILL, KILL] });
    const { mutants } = await examineAll(options(['revote-same-term']), port);
    expect(mutants[0]).toMatchObject({
      killed: true,
      legal: false,
      seeds: 3,
      by: [
        { how: 'random', property: 'log-matching', seeds: 3, events: 35, step: 3, run: '3' },
        { how: 'random', property: 'election-safety', seeds: 3, events: 35, step: 8, run: '3' },
      ],
      others: [{ how: 'random', end: 'exception', runs: 1, run: '2' }],
    });
  });

  it('tells the first wrong action of a directed run, and how far ahead of the violation', async () => {
    const directed = [{ id: 'told', mutant: 'revote-same-term', plan: PLAN }];
    const wrong = { rule: 'one-vote-per-term', section: '§5.2', node: 2, step: 1, sentence: 'x' };
    const script = (outcome: RunOutcome): ZooPort => ({
      ...scripted({}),
      runPlans: async () => [{ ...outcome, wrong: { ...wrong, atUs: 5 } }],
    });
    const all = options(['revote-same-term'], { directed });
    const killed = await examineAll(all, script(KILL));
    expect(killed.mutants[0]!.firstWrong).toEqual({ ...wrong, run: 'told', ahead: 2 });
    const passed = await examineAll(all, script(PASS));
    expect(passed.mutants[0]).toMatchObject({ killed: false, firstWrong: { ahead: null } });
    expect(
      (await examineAll(options(['revote-same-term']), scripted({}))).mutants[0],
    ).toMatchObject({
      firstWrong: null,
    });
  });

  it('counts only broken properties as kills', async () => {
    const asserted = { ...THROWN, reason: 'AssertionError: one leader per term' };
    const ends: RunOutcome[] = [asserted, THROWN, { ...PASS, verdict: 'storm' }];
    const port = scripted({ 'mutant:revote-same-term': ends });
    const report = await examineAll(options(['revote-same-term']), port);
    expect([report.killed, report.total]).toEqual([0, 1]);
    const found = report.mutants[0]!.others.map(({ end }) => end);
    expect(found).toEqual(['assertion', 'exception', 'storm']);
  });

  it('counts what must not be killed apart, and calls its kill a false alarm', async () => {
    const ids = ['revote-same-term', 'noop-doubled', 'vote-needs-higher-term'];
    const silent = scripted({ 'mutant:revote-same-term': [KILL] });
    expect(await examineAll(options(ids), silent)).toMatchObject({
      killed: 1,
      total: 1,
      falseAlarms: [],
    });
    const loud = scripted({ 'mutant:noop-doubled': [KILL] });
    expect(await examineAll(options(ids), loud)).toMatchObject({
      killed: 0,
      total: 1,
      falseAlarms: ['noop-doubled'],
    });
  });

  it('keeps what it has found when the bench fails on a mutant, and says why', async () => {
    const lost: RunOutcome = { ...THROWN, verdict: 'bench', reason: 'it did not return' };
    const ids = ['revote-same-term', 'vote-needs-higher-term', 'vote-kept-across-terms'];
    const port = scripted({
      'mutant:revote-same-term': [PASS, lost],
      'mutant:vote-needs-higher-term': [lost],
      'mutant:vote-kept-across-terms': [KILL],
    });
    const report = await examineAll(options(ids), port);
    expect([report.killed, report.total, report.falseAlarms]).toEqual([1, 2, []]);
    const end = { how: 'random', end: 'bench', runs: 1, reason: 'it did not return' };
    expect(report.mutants[0]!.others).toEqual([{ ...end, run: '2' }]);
    const text = zooText(report, { interrupted: false, seeds: 4 }, new Chalk({ level: 0 }));
    expect(text).toMatch(/^revote-same-term +UNKNOWN /m);
    expect(text).toMatch(/^vote-needs-higher-term +UNKNOWN /m);
    expect(text).toMatch(/^vote-kept-across-terms +caught /m);
    expect(text).toContain('The bench failed on revote-same-term (2): it did not return\n');
  });

  it('runs the directed plans of a mutant, and of no other', async () => {
    const directed = [
      { id: 'first', mutant: 'revote-same-term', plan: PLAN },
      { id: 'other', mutant: 'log-check-missing', plan: PLAN },
    ];
    const port = {
      ...scripted({}),
      runPlans: scripted({ 'mutant:revote-same-term': [KILL] }).runPlans,
    };
    const { mutants } = await examineAll(options(['revote-same-term'], { directed }), port);
    expect(mutants[0]!.by).toEqual([
      { how: 'directed', property: 'log-matching', seeds: 1, events: 20, step: 3, run: 'first' },
      { how: 'directed', property: 'election-safety', seeds: 1, events: 20, step: 8, run: 'first' },
    ]);
  });

  it('reports in the order of the catalogue, whoever is done first', async () => {
    const ids = MUTANTS.slice(0, 8).map(({ id }) => id);
    const done: string[] = [];
    const port: ZooPort = {
      runPlans: async () => [],
      runSeeds: async (bundle) => {
        await new Promise((resolve) => setTimeout(resolve, bundle.id.length % 7));
        return NO_RUNS;
      },
    };
    const onExamined = ({ id }: { id: string }) => done.push(id);
    const report = await examineAll(options(ids, { jobs: 3, onExamined }), port);
    expect(report.mutants.map(({ id }) => id)).toEqual(ids);
    expect(done.sort()).toEqual([...ids].sort());
  });
});

describe('runs of seeds', () => {
  it('add up in parts as they do in one', () => {
    const outcomes = [PASS, THROWN, KILL, THROWN, KILL];
    const all = outcomes.reduce((runs, one, i) => addRun(runs, String(i), one), NO_RUNS);
    for (let cut = 0; cut <= outcomes.length; cut += 1) {
      const part = (from: number, to: number) =>
        outcomes
          .slice(from, to)
          .reduce((runs, one, i) => addRun(runs, String(from + i), one), NO_RUNS);
      expect(joinRuns(part(0, cut), part(cut, outcomes.length))).toEqual(all);
    }
    expect(all.kill?.seed).toBe('2');
  });

  it('call a hit a hit, however the run went on', () => {
    expect(caughtOtherwise({ ...KILL, verdict: 'exception', reason: 'TypeError: x' })).toBeNull();
  });
});

const SEEDS = 8;
/** With so few seeds; the subtle ones need hundreds. */
const KILLED_MIN = 70;
/** Some twenty seconds of work, on a machine that may be busy. */
const PATIENCE_MS = 240_000;

describe(`the catalogue, on ${SEEDS} seeds`, () => {
  it(
    'is mostly killed, by the properties that it names, and legal mutants are not',
    async () => {
      const all = { ...options([]), mutants: MUTANTS, seeds: SEEDS };
      const report = await examineAll(all, ZOO_HERE);
      expect(report.falseAlarms).toEqual([]);
      expect(report.killed).toBeGreaterThanOrEqual(KILLED_MIN);
      for (const { id, by } of report.mutants) {
        const first = [...by].sort((a, b) => a.step - b.step)[0]?.property;
        if (first !== undefined) expect(mutantOf(id)!.breaks, id).toContain(first);
      }
    },
    PATIENCE_MS,
  );
});
