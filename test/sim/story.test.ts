import { describe, expect, it } from 'vitest';
import { PROPERTIES } from '../../invariants/properties.ts';
import { DIRECTED } from '../../scenarios/directed/registry.ts';
import { bundleMutant } from '../../scenarios/mutants/bundle.ts';
import { mutantOf } from '../../scenarios/mutants/catalogue.ts';
import { loadBundle } from '../../scenarios/mutants/load.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import { completePlan } from '../../sim/load-plan.ts';
import type { Implementation } from '../../sim/run.ts';
import { formatStory, STORY_COLUMNS_MAX } from '../../sim/story/format-story.ts';
import { linkSentence } from '../../sim/story/links.ts';
import { STORY_LINES_MAX, tellStory } from '../../sim/story/story.ts';
import type { Trace, TraceRecord } from '../../sim/trace/format.ts';
import { traceRun } from '../../sim/trace/record-run.ts';
import { reference } from './implementations.ts';
import { judged } from './traced.ts';

const implementations = new Map<string, Promise<Implementation>>();

function implementationOf(id: string): Promise<Implementation> {
  const known = implementations.get(id);
  if (known !== undefined) return known;
  const bundle = bundleMutant(mutantOf(id)!, { assertionsOff: true });
  const implementation = bundle.then(loadBundle);
  implementations.set(id, implementation);
  return implementation;
}

async function directedTrace(mutant: string): Promise<Trace> {
  const { plan } = DIRECTED.find((directed) => directed.mutant === mutant)!;
  const implementation = await implementationOf(mutant);
  return traceRun({ plan, implementation, hash: null, options: judged }).trace;
}

async function randomTrace(mutant: string, seed: string): Promise<Trace> {
  const implementation = await implementationOf(mutant);
  const plan = generatePlan(seed);
  return traceRun({ plan, implementation, hash: null, options: judged }).trace;
}

/** What every story keeps to. */
function expectScreen(trace: Trace): void {
  const story = tellStory(trace);
  const lines = formatStory(story).split('\n');
  expect(lines.length).toBeLessThanOrEqual(STORY_LINES_MAX);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(STORY_COLUMNS_MAX);
  const steps = story.lines.map(({ step }) => step);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(story.lines.at(-1)?.kind).toBe('broken');
  expect(story.property).toBe(trace.end.violations[0]!.property);
  expect(story.lines.some(({ kind }) => kind === 'wrong')).toBe(story.firstWrong !== null);
}

describe('a story', () => {
  it('leads from the first wrong action to the property that broke', async () => {
    const story = tellStory(await directedTrace('log-check-index-only'));
    expect(story.property).toBe('leader-completeness');
    expect(story.firstWrong).toMatchObject({ rule: 'vote-up-to-date', node: 3 });
    expect(`\n${formatStory(story)}\n`).toMatchSnapshot();
  });

  it('tells of messages that come late, and of disks', async () => {
    for (const mutant of ['stale-reign-ack-accepted', 'async-append-aba', 'vote-not-persisted']) {
      expect(`\n${formatStory(tellStory(await directedTrace(mutant)))}\n`).toMatchSnapshot(mutant);
    }
  });

  it('tells of a cluster that stands still', async () => {
    const story = tellStory(await directedTrace('lost-append-not-resent'));
    expect(`\n${formatStory(story)}\n`).toMatchSnapshot();
  });

  it('fits a screen, for every bug', async () => {
    for (const { mutant } of DIRECTED) {
      const trace = await directedTrace(mutant);
      if (trace.end.verdict === 'violation') expectScreen(trace);
    }
  });

  it('fits a screen, for random runs', { timeout: 120_000 }, async () => {
    let failed = 0;
    for (const mutant of ['truncate-on-every-ae', 'vote-kept-across-terms', 'revote-same-term']) {
      for (let seed = 1; seed <= 12; seed += 1) {
        const trace = await randomTrace(mutant, String(seed));
        if (trace.end.verdict !== 'violation') continue;
        failed += 1;
        expectScreen(trace);
      }
    }
    expect(failed).toBeGreaterThan(15);
  });

  it('has nothing to tell of a run that did not fail', () => {
    const plan = completePlan({});
    const { trace } = traceRun({ plan, implementation: reference, hash: null, options: judged });
    expect(trace.end.verdict).toBe('pass');
    expect(tellStory(trace)).toEqual({ property: null, firstWrong: null, lines: [] });
  });

  it('goes by causes alone where the messages are somebody else’s', async () => {
    const trace = await directedTrace('revote-same-term');
    const records = JSON.parse(
      JSON.stringify(trace.records).replaceAll('"kind":"RequestVote"', '"kind":"Ballot"'),
    ) as TraceRecord[];
    const story = tellStory({ ...trace, records });
    expect(story.firstWrong).toBeNull();
    expect(story.lines.map(({ kind }) => kind)).toContain('event');
    expect(story.lines.at(-1)).toMatchObject({ kind: 'broken' });
  });

  it('ends with what was thrown, or with a storm', async () => {
    const trace = await directedTrace('revote-same-term');
    const end = { ...trace.end, violations: [] };
    const thrown = tellStory({
      ...trace,
      end: {
        ...end,
        verdict: 'exception',
        reason: 'TypeError: x',
        exception: { node: 2, event: 5 },
      },
    });
    expect(thrown.property).toBeNull();
    expect(thrown.lines.at(-1)).toMatchObject({
      kind: 'broken',
      step: 5,
      text: 'S2 threw. TypeError: x',
    });
    expect(thrown.lines.every(({ step }) => step <= 5)).toBe(true);
    const storm = tellStory({ ...trace, end: { ...end, verdict: 'storm', reason: null } });
    expect(storm.lines.at(-1)!.text).toBe('The run had more events than its plan allows.');
  });

  it('names properties that are there', async () => {
    const { property } = tellStory(await directedTrace('redirect-to-self'));
    expect(PROPERTIES.map(({ id }) => id)).toContain(property);
  });
});

describe('cut links', () => {
  const link = (from: number, to: number) => from * 8 + to;
  const both = (a: number, b: number) => [link(a, b), link(b, a)];

  it.each([
    [[], 3, 'All links are free again'],
    [[...both(1, 2), ...both(1, 3)], 3, 'S1 is cut off from S2 and S3'],
    [
      [1, 2].flatMap((a) => [3, 4, 5].flatMap((b) => both(a, b))),
      5,
      'S1 and S2 are cut off from S3, S4 and S5',
    ],
    [[...both(1, 2), ...both(1, 3), ...both(2, 3)], 3, 'Every server is cut off from every other'],
    [
      [...both(1, 3), ...both(1, 4), ...both(2, 3), ...both(2, 4)],
      4,
      'S1 and S2 are cut off from S3 and S4',
    ],
    [[link(1, 2), link(1, 3)], 3, 'Messages from S1 to S2 and S3 get lost'],
    [[link(2, 1), link(3, 1)], 3, 'Messages from S2 and S3 to S1 get lost'],
    [both(1, 2), 3, 'Messages get lost from S1 to S2, S2 to S1'],
  ])('%j of %i: %s', (links, size, sentence) => {
    expect(
      linkSentence(
        links.sort((a, b) => a - b),
        size,
      ),
    ).toBe(sentence);
  });
});
