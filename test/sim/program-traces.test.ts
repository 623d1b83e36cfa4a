/** Runs of programs on record: read back, judged and told without the program. */
import { describe, expect, test } from 'vitest';
import { REFERENCE } from '../../scenarios/implementations.ts';
import { bundleMutant } from '../../scenarios/mutants/bundle.ts';
import { MUTANTS } from '../../scenarios/mutants/catalogue.ts';
import { loadBundle } from '../../scenarios/mutants/load.ts';
import { FULL_CAPABILITIES, serverProgram } from '../../scenarios/reference-program.ts';
import { LABS } from '../../scenarios/suites/labs.ts';
import { Raft } from '../../sdk/typescript/raft.ts';
import type { Request } from '../../sdk/typescript/whitewater.ts';
import { moduleHost, type ProgramModule } from '../../sim/adapters/module-program.ts';
import { programImplementation } from '../../sim/adapters/program-implementation.ts';
import { capabilitiesSchema } from '../../sim/protocol/capabilities.ts';
import { replayTrace } from '../../sim/replay.ts';
import type { Implementation } from '../../sim/run.ts';
import { tellProgramStory } from '../../sim/story/programs/program-story.ts';
import { formatTimelineLine } from '../../sim/timeline/format-line.ts';
import { programName } from '../../sim/timeline/server-name.ts';
import { timelineOf } from '../../sim/timeline/timeline.ts';
import { checkTrace, DEFAULT_CHECK_OPTIONS } from '../../sim/trace/check.ts';
import { parseTrace } from '../../sim/trace/reader.ts';
import { traced } from './traced.ts';

/** A leader that answers reads from what it has, whoever leads by now. */
class HastyRaft extends Raft {
  override request(request: Request): void {
    const { role } = this as unknown as { readonly role: string };
    if (request.readOnly && role === 'leader') this.respond(request.id, 'ok');
    else super.request(request);
  }
}

function program(module: ProgramModule): Implementation {
  return programImplementation('test:program', moduleHost(module), REFERENCE.createStateMachine);
}

function hasty(): Implementation {
  return program({ createServer: () => new HastyRaft() });
}

async function mutant(id: string): Promise<Implementation> {
  const one = MUTANTS.find((candidate) => candidate.id === id)!;
  const { code } = await bundleMutant(one, { assertionsOff: true });
  return program(serverProgram(await loadBundle({ id, code })));
}

function planOf(testId: string, seed: string, capabilities = FULL_CAPABILITIES) {
  return LABS.tests.find(({ id }) => id === testId)!.plan(seed, capabilities);
}

const declared = capabilitiesSchema.parse(new Raft().capabilities);
const late = traced(planOf('B1', '1'), await mutant('follower-acks-before-fsync'));
const stale = traced(planOf('K2', '1', declared), hasty());

describe('the trace of a program', () => {
  test.each([
    ['that answers too early', late, 'acknowledged-before-durable-majority'],
    ['that reads what is old', stale, 'linearizability'],
  ])('%s is judged like its run', (_, { trace, result }, property) => {
    const checked = checkTrace(trace);
    expect(checked.violations.map((violation) => violation.property)).toEqual([property]);
    expect(checked.violations).toEqual(result.violations);
    expect(checked).toMatchObject({ agrees: true, digest: result.digest, events: result.events });
    const disabled = new Set([property]);
    expect(checkTrace(trace, { ...DEFAULT_CHECK_OPTIONS, disabled }).violations).toEqual([]);
  });

  test('says what the program declared', () => {
    expect(stale.trace.header.capabilities).toEqual(declared);
    expect(stale.trace.header.implementation).toEqual({ id: 'test:program', hash: null });
  });

  test('is refused once it was edited', () => {
    const edited = late.text.replace('"prevLogIndex":0', '"prevLogIndex":1');
    expect(edited).not.toBe(late.text);
    expect(() => checkTrace(parseTrace(edited))).toThrow(/This trace was edited/);
    const odd = late.text.replace('"write":{"put"', '"write":{"pot"');
    expect(() => parseTrace(odd)).toThrow(
      'Expected a write in which write is one of put, append, truncateFrom, overwrite, compactTo',
    );
  });

  test('is replayed, and a mended program leaves it where it did wrong', () => {
    expect(replayTrace(stale.trace, hasty()).conclusion).toBe('reproduced');
    const mended = program({ createServer: () => new Raft() });
    const { conclusion, divergence } = replayTrace(stale.trace, mended);
    expect(conclusion).toBe('inconclusive');
    expect(divergence).toMatchObject({ place: 'action', server: expect.stringMatching(/^n\d$/) });
  });
});

describe('the story of a program', () => {
  test('marks the word that was not on a disk, for those who may know it', () => {
    const { lines, evidence, server, run } = tellProgramStory(late.trace);
    expect(lines.length).toBeLessThanOrEqual(11);
    const spoken = lines.find(({ closer }) => closer.startsWith('▶'))!;
    expect(spoken.closer).toMatch(/n3 ──▶ n2 .* first wrong action: not on disk yet$/);
    expect(spoken.text).toMatch(/^ .*n3 ──▶ n2 {3}message \d+ of n3, \d+ characters$/);
    expect(lines.at(-1)!.text).toMatch(/^✗ .*respond ok to c1\.2\/1 +\(event 44\)$/);
    expect(evidence).toEqual([expect.stringMatching(/^To event \d+ \(n3, message from n2\) your/)]);
    expect(server).toBe('n3');
    expect(run).toMatch(/^3 servers, no crash, /);
  });

  test('says that the network is whole again only where it was cut', () => {
    const silent = program({ createServer: () => ({ handle: () => [] }) });
    const told = (testId: string): string[] =>
      tellProgramStory(traced(planOf(testId, '1', declared), silent).trace).lines.map(({ text }) =>
        text.replace(/^ *[\d,]+ ms +/, ''),
      );
    expect(told('A1')).toEqual(['the faults are over']);
    expect(told('A5')).toContain('The network is whole again: all servers reach each other');
  });

  test('draws the operations that cannot be ordered, and says why not', () => {
    const { picture, evidence } = tellProgramStory(stale.trace);
    expect(picture.filter((line) => line.startsWith('✗'))).toHaveLength(1);
    expect(picture.join('\n')).toMatch(/c\d+'s get = \S+ must come before c\d+'s put/);
    expect(evidence[0]).toContain('no round trip to a majority lies between question and answer');
  });

  test.each([
    ['too early', late],
    ['old', stale],
  ])('%s: servers have the names of the protocol, and no line is too long', (_, { trace }) => {
    const { picture, lines, evidence } = tellProgramStory(trace);
    const timeline = [...timelineOf(trace.records, programName)].map((line) =>
      formatTimelineLine(line, { withTimers: true }),
    );
    const told = [...picture, ...lines.map(({ closer }) => closer), ...evidence, ...timeline];
    expect(told.filter((line) => /\bS[1-7]\b/.test(line))).toEqual([]);
    expect(told.filter((line) => /Opaque|undefined|NaN/.test(line))).toEqual([]);
    const drawn = [...picture.slice(0, -1), ...lines.map(({ closer }) => closer)];
    expect(drawn.filter((line) => line.length > 100)).toEqual([]);
  });
});
