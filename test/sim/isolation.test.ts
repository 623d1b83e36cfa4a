import { describe, expect, it } from 'vitest';
import type { CreateServer } from '../../core/contract.ts';
import { bundleModule } from '../../sim/adapters/bundle-module.ts';
import { type Otherwise, playAlone } from '../../sim/isolation/alone.ts';
import { type Cause, causeOf, type Experiments, suspect } from '../../sim/isolation/cause.ts';
import { causeSentence, whatSentence } from '../../sim/isolation/finding.ts';
import { moduleVariables } from '../../sim/isolation/module-variables.ts';
import { otherEnvironment } from '../../sim/isolation/other-process.ts';
import { SourcePlaces } from '../../sim/isolation/source-places.ts';
import { type Tape, TapeRecorder } from '../../sim/isolation/tape.ts';
import type { Sighting } from '../../sim/isolation/traps.ts';
import type { Plan } from '../../sim/kernel/plan.ts';
import { completePlan } from '../../sim/load-plan.ts';
import { DEFAULT_RUN_OPTIONS, type Implementation, run } from '../../sim/run.ts';
import { altered, reference, thrower } from './implementations.ts';

/** Two leaders crash and come back. */
const PLAN: Plan = completePlan({
  seed: '3',
  workload: { clients: 2 },
  phases: { chaosUs: 2_000_000 },
  faults: [4, 8].map((nth) => ({
    when: { on: 'commit' as const, nth },
    what: { do: 'crash' as const, restartUs: 200_000 },
  })),
});

function tapeOf(implementation: Implementation, plan = PLAN): Tape {
  const recorder = new TapeRecorder();
  run(plan, recorder.taped(implementation), DEFAULT_RUN_OPTIONS);
  return recorder.tape;
}

const copyOf =
  ({ createServer }: Pick<Implementation, 'createServer'>) =>
  async (): Promise<CreateServer> =>
    createServer;

const LIFE = { company: 'life', yields: false } as const;

describe('a tape', () => {
  it('changes nothing in the run, and has every event', () => {
    const recorder = new TapeRecorder();
    const taped = run(PLAN, recorder.taped(reference), DEFAULT_RUN_OPTIONS);
    const bare = run(PLAN, reference, DEFAULT_RUN_OPTIONS);
    expect(taped.digest).toBe(bare.digest);
    const { steps, isWhole } = recorder.tape;
    expect(steps).toHaveLength(bare.events);
    expect(steps.map(({ place }) => place)).toEqual(steps.map((_, i) => i + 1));
    expect(isWhole).toBe(true);
    expect(new Set(steps.map(({ node, boot }) => `${node}/${boot}`)).size).toBe(5);
  });
});

describe('servers fed alone', () => {
  const tape = tapeOf(reference);

  it.each(['life', 'node', 'run'] as const)('do the same again, by %s', async (company) => {
    for (const yields of [false, true]) {
      expect(await playAlone(tape.steps, copyOf(reference), { company, yields })).toBeNull();
    }
  });

  it('are caught at the first event that they answer otherwise', async () => {
    let events = 0;
    const other = altered('test:other', (out) => ({
      setTimer: (name, min, max) => {
        events += 1;
        out.setTimer(name, min, events === 20 ? max + 1 : max);
      },
    }));
    const otherwise = (await playAlone(tape.steps, copyOf(other), { ...LIFE, company: 'run' }))!;
    const step = tape.steps[otherwise.place - 1]!;
    const timers = tape.steps
      .slice(0, otherwise.place)
      .flatMap(({ actions }) => actions.filter(({ k }) => k === 'timerSet'));
    expect(timers.length).toBeGreaterThanOrEqual(20);
    expect(otherwise).toMatchObject({ node: step.node, boot: step.boot, thrown: null });
    expect(otherwise.actions).not.toEqual(step.actions);
  });

  it('are caught when they throw, and when their code does not load', async () => {
    const otherwise = await playAlone(tape.steps, copyOf(thrower), LIFE);
    expect(otherwise!.thrown).toBe('RangeError: no crown for me');
    const unloadable = async (): Promise<CreateServer> => {
      throw new Error('no database');
    };
    expect(await playAlone(tape.steps, unloadable, LIFE)).toMatchObject({
      place: 1,
      thrown: 'Error: no database',
    });
  });

  it('do the same up to what they threw in the run', async () => {
    expect(await playAlone(tapeOf(thrower).steps, copyOf(thrower), LIFE)).toBeNull();
  });

  it('do not meet what they leave to promises, unless it gets its turn', async () => {
    const createServer: CreateServer = () => {
      const server = reference.createServer();
      let late = 0;
      return {
        step: (event, out) => {
          Promise.resolve().then(() => {
            late += 1;
          });
          server.step(event, out);
          out.note(`late ${late}`);
        },
      };
    };
    const leaving = { ...reference, createServer };
    const { steps } = tapeOf(leaving);
    expect(await playAlone(steps, copyOf(leaving), LIFE)).toBeNull();
    const turns = { ...LIFE, yields: true };
    expect(await playAlone(steps, copyOf(leaving), turns)).toMatchObject({ place: 4 });
  });
});

const OTHERWISE: Otherwise = { place: 9, node: 2, boot: 0, actions: [], thrown: null };

describe('the cause', () => {
  const tape = tapeOf(reference);
  /** Differs in all experiments but those for which `isSame` says otherwise. */
  const experiments = (
    isSame: (key: string) => boolean,
    got: () => Otherwise = () => OTHERWISE,
  ): Experiments => ({
    alone: async (_, { company, yields }, where) => {
      return isSame(`${company} ${yields ? 'yields' : 'still'} ${where}`) ? null : got();
    },
    tapeFirst: async () => tape,
  });

  it.each<[Cause, string]>([
    ['environment', 'life yields here'],
    ['later', 'life still here'],
    ['earlier life', 'node still here'],
    ['other servers', 'run still here'],
    ['unknown', ''],
  ])('is %s when it is the first company in which it acts as it did', async (cause, same) => {
    const found = await causeOf(
      tape,
      OTHERWISE,
      experiments((key) => key === same),
    );
    expect(found).toBe(cause);
  });

  it('is chance when two copies differ', async () => {
    let place = 9;
    const got = (): Otherwise => ({ ...OTHERWISE, place: place++ });
    expect(
      await causeOf(
        tape,
        OTHERWISE,
        experiments(() => false, got),
      ),
    ).toBe('chance');
  });

  it('is chance when it acts only sometimes as it did, in whatever company', async () => {
    let times = 0;
    const found = await causeOf(tape, OTHERWISE, {
      ...experiments(() => false),
      alone: async (_, __, where) => {
        if (where === 'elsewhere') return OTHERWISE;
        times += 1;
        return times === 2 ? null : OTHERWISE;
      },
    });
    expect(found).toBe('chance');
  });

  it('is an earlier run when only a tape without one can be played again', async () => {
    const { steps } = tape;
    const found = await causeOf(tape, OTHERWISE, {
      ...experiments(() => false),
      alone: async (some, { company, yields }) => {
        return company === 'run' && !yields && some === steps ? null : OTHERWISE;
      },
    });
    expect(found).toBe('earlier run');
  });

  const sighting = (source: Sighting['source'], node: number, place: number): Sighting => {
    return { source, what: `${source} ${place}`, caller: '', line: 1, column: 1, node, place };
  };

  it('is called by the name of the last fitting call of that server', () => {
    const seen = [
      sighting('clock', 0, 0),
      sighting('chance', 2, 5),
      sighting('environment', 2, 6),
      sighting('chance', 1, 7),
      sighting('chance', 2, 12),
    ];
    const named = (cause: Cause, node = 2): string | undefined =>
      suspect(cause, { ...OTHERWISE, node }, seen)?.what;
    expect(named('chance')).toBe('chance 5');
    expect(named('chance', 3)).toBe('chance 7');
    expect(named('environment')).toBe('environment 6');
    expect(named('later')).toBeUndefined();
    expect(named('earlier life')).toBeUndefined();
  });
});

describe('a finding in words', () => {
  it('says what the server did alone and in the run, and why', () => {
    const { steps } = tapeOf(reference);
    const otherwise = { place: 2, node: 2, boot: 0, actions: [], thrown: null };
    expect(whatSentence(otherwise, steps)).toBe(
      'Fed alone with the same events, S2 acts otherwise at event 2 (starts): it does nothing more in this step; in the run it is follower of term 0.',
    );
    expect(whatSentence({ ...otherwise, thrown: 'Error: no' }, steps)).toContain(
      'it throws Error: no; in the run it is',
    );
    const finding = { otherwise, call: null, variables: ['lives (raft.ts:4)'] };
    expect(causeSentence({ ...finding, cause: 'earlier life' })).toBe(
      'A variable of the module outlives a crash: perhaps lives (raft.ts:4).',
    );
    expect(causeSentence({ ...finding, cause: 'chance' })).toBe(
      'It reads a clock or draws a random number.',
    );
    const call = 'Math.random in timeout (raft.ts:42)';
    expect(causeSentence({ ...finding, cause: 'chance', call })).toBe(
      'It reads a clock or draws a random number: it calls Math.random in timeout (raft.ts:42).',
    );
  });

  it('names variables that can change, and tables only when there are no others', () => {
    const text = [
      'let lives = 0;',
      'const table = [1, 2];',
      'const seen = new Map<number, string>();',
      'export class Raft {',
      '  static count = 0;',
      '  private field = 0;',
      '  step() { globalThis.shared ??= 1; let local = 0; }',
      '}',
    ].join('\n');
    expect(moduleVariables(text)).toEqual([
      { name: 'lives', line: 1, isLikely: true },
      { name: 'table', line: 2, isLikely: false },
      { name: 'seen', line: 3, isLikely: true },
      { name: 'count', line: 5, isLikely: true },
      { name: 'shared', line: 7, isLikely: true },
    ]);
  });

  it('finds its way from the bundle to the source', async () => {
    const { code, map } = await bundleModule('examples/minimal-raft.ts');
    const lines = code.split('\n');
    const line = lines.findIndex((text) => text.includes('createServer()'));
    const column = lines[line]!.indexOf('createServer');
    const [file, place] = new SourcePlaces(map).placeOf(line + 1, column + 1).split(':');
    expect(file).toBe('examples/minimal-raft.ts');
    const { readFileSync } = await import('node:fs');
    const source = readFileSync('examples/minimal-raft.ts', 'utf8').split('\n');
    expect(source[Number(place) - 1]).toContain('createServer');
  });
});

describe('the environment elsewhere', () => {
  it('is another one, in which programs are still found', () => {
    const own = { PATH: '/bin', SPEED: '7', TZ: 'UTC', LC_ALL: 'en_US.UTF-8' };
    expect(otherEnvironment(own)).toEqual({
      PATH: '/bin',
      TZ: 'Pacific/Chatham',
      LC_ALL: 'sv_SE.UTF-8',
    });
    const there = otherEnvironment(otherEnvironment(own));
    expect(there['TZ']).not.toBe('Pacific/Chatham');
    expect(there['LC_ALL']).not.toBe('sv_SE.UTF-8');
  });
});
