import { describe, expect, it } from 'vitest';
import type { Configuration, Entry, Snapshot } from '../../core/messages.ts';
import { PROPERTIES } from '../../invariants/properties.ts';
import { DIRECTED } from '../../scenarios/directed/registry.ts';
import { bundleMutant } from '../../scenarios/mutants/bundle.ts';
import { mutantOf } from '../../scenarios/mutants/catalogue.ts';
import { loadBundle } from '../../scenarios/mutants/load.ts';
import { generatePlan } from '../../sim/generate/generate-plan.ts';
import { completePlan } from '../../sim/load-plan.ts';
import type { Implementation } from '../../sim/run.ts';
import { names } from '../../sim/story/beat.ts';
import { formatStory, STORY_COLUMNS_MAX } from '../../sim/story/format-story.ts';
import { linkSentence } from '../../sim/story/links.ts';
import { Narrator } from '../../sim/story/narrator.ts';
import { STORY_LINES_MAX, tellStory } from '../../sim/story/story.ts';
import {
  carriedOut,
  firstDifference,
  lastOf,
  lastTermOf,
  NO_LOG,
  restarted,
} from '../../sim/story/told-log.ts';
import { FactRecords } from '../../sim/trace/fact-records.ts';
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
    [[], 3, 'The network is whole again: all servers reach each other'],
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

describe('what the story knows', () => {
  const entry = (term: number): Entry => ({ term, command: null });
  const members: Configuration = { voters: [1, 2], newVoters: null, learners: [] };
  const snapshot = (lastIncludedIndex: number, lastIncludedTerm: number): Snapshot => ({
    lastIncludedIndex,
    lastIncludedTerm,
    configuration: members,
    data: '',
  });

  it('is a log that may begin behind a snapshot', () => {
    const log = { ...NO_LOG, entries: [entry(1), entry(1), entry(2)] };
    const shorter = carriedOut(log, { kind: 'compactTo', index: 2 }, -1, snapshot(2, 1));
    expect(shorter).toMatchObject({ base: 2, baseTerm: 1 });
    expect([lastOf(shorter), lastTermOf(shorter)]).toEqual([3, 2]);
    expect(firstDifference(log, shorter)).toBe(4);
    const installed = carriedOut(log, { kind: 'compactTo', index: 9 }, -1, snapshot(9, 4));
    expect([lastOf(installed), lastTermOf(installed)]).toEqual([9, 4]);
  });

  it('is what a restart makes of log and snapshot', () => {
    const log = { ...NO_LOG, entries: [entry(1), entry(1), entry(2)] };
    expect(restarted(log, null)).toBe(log);
    expect(restarted(log, snapshot(2, 1))).toBe(log);
    expect(restarted(log, snapshot(2, 2))).toEqual({ base: 2, baseTerm: 2, entries: [] });
    expect(restarted(log, snapshot(7, 3))).toEqual({ base: 7, baseTerm: 3, entries: [] });
  });
});

describe('the narrator', () => {
  class Telling extends FactRecords {
    readonly narrator = new Narrator(4, 1_000_000);

    protected override take(record: TraceRecord): void {
      this.narrator.take(record);
    }
  }

  function told(tell: (facts: Telling) => void): string {
    const facts = new Telling();
    tell(facts);
    facts.closeOpenStep();
    const { narrator } = facts;
    return narrator.beats.map(({ text, nodes }) => text(names(nodes))).join('\n');
  }

  const joint: Configuration = { voters: [1, 2, 3], newVoters: [2, 3, 4], learners: [] };
  const snapshot: Snapshot = {
    lastIncludedIndex: 9,
    lastIncludedTerm: 2,
    configuration: joint,
    data: '',
  };
  const request = { term: 3, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0 };

  it('tells of pre-votes, transfers and operators', () => {
    const story = told((facts) => {
      facts.started(0, 1, 0, 0);
      facts.sent(1, 2, 1, 1, { kind: 'RequestVote', ...request, preVote: true });
      facts.stepEnded(1);
      facts.started(0, 2, 0, 0);
      const answer = { kind: 'RequestVoteResponse', term: 3, preVote: true } as const;
      facts.sent(2, 1, 2, 1, { ...answer, voteGranted: true });
      facts.sent(2, 3, 3, 1, { ...answer, voteGranted: false });
      facts.stepEnded(2);
      facts.delivered(5, 1, 2, 2, 0, { ...answer, voteGranted: true });
      facts.claimed(1, 'leader', 3);
      facts.stepEnded(1);
      facts.adminRequested(9, 1, 'o1', { kind: 'transferLeadership', to: 2 });
      facts.sent(1, 2, 4, 1, { kind: 'TimeoutNow', term: 3, leaderId: 1 });
      facts.responded(1, 'o1', 'ok', 0, null);
    });
    expect(story).toContain('S1 asks the others whether they would vote for it in term 3');
    expect(story).toContain('S2 would vote for S1 in term 3');
    expect(story).toContain('S2 would not vote for S3');
    expect(story).toContain('S1 leads term 3, with no vote but its own');
    expect(story).toContain('S1 is asked to let S2 lead');
    expect(story).toContain('S1, the leader of term 3, tells S2 to stand for election');
    expect(story).toContain('S1 answers ok to the operator who asked it to let S2 lead');
    expect(story).not.toContain('stands for election in term 3');
  });

  it('tells of configurations, snapshots and reads', () => {
    const story = told((facts) => {
      facts.started(0, 1, 0, 0);
      facts.claimed(1, 'leader', 1);
      facts.persistIssued(1, 1, 'log', 0, {
        kind: 'append',
        entries: [{ term: 1, command: null, configuration: joint }],
      });
      facts.stepEnded(1);
      facts.requested(5, 1, [
        { id: 'r1', command: { clientId: 1, seq: 1, op: 'get x' }, readOnly: true },
        { id: 'r2', command: { clientId: 1, seq: 2, op: 'get y' }, readOnly: true },
      ]);
      facts.applied(1, 2, { term: 1, command: { clientId: 1, seq: 2, op: 'get y' } });
      facts.responded(1, 'r1', 'ok', 0, '7');
      facts.responded(1, 'r2', 'ok', 0, '8');
      facts.stepEnded(1);
      facts.snapshotTaken(9, 1, 9, '');
      facts.persistIssued(1, 2, 'snapshot', 0, { kind: 'snapshot', snapshot });
      facts.stepEnded(1);
      facts.persisted(10, 1, 2);
      facts.restored(1, 9, '');
      facts.persistIssued(1, 3, 'log', 0, { kind: 'compactTo', index: 9 });
      facts.stepEnded(1);
      facts.crashed(11, 1, [{ writeId: 3, kept: -1 }]);
      facts.started(12, 1, 1, 0);
    });
    expect(story).toContain(
      'S1 appends the configuration C_old,new S1 S2 S3 / S2 S3 S4 as index 1',
    );
    expect(story).toContain('S1 answers "get x" with "7", without the log');
    expect(story).not.toContain('"get y" with');
    expect(story).toContain('S1 writes a snapshot through index 9 (term 2)');
    expect(story).toContain('puts the snapshot through index 9 in the place of what it had');
    expect(story).toContain('S1 drops its log through index 9');
    expect(story).toContain('a snapshot through index 9, a log through index 9 (term 2)');
  });
});
