import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { LABS } from '../../scenarios/suites/labs.ts';
import { Raft } from '../../sdk/typescript/raft.ts';
import { capabilitiesSchema } from '../../sim/protocol/capabilities.ts';
import { folderWith, REPOSITORY, whitewater, whitewaterJson } from './whitewater.ts';

const crashes = LABS.tests.find(({ id }) => id === 'C1')!;
const capabilities = capabilitiesSchema.parse(new Raft().capabilities);
const folder = folderWith({
  'plan.json': JSON.stringify(crashes.plan('7', capabilities)),
  'thrower.ts': `export const createServer = () => ({
  handle(event) {
    if (event.kind === 'timer') throw new RangeError('no ' + event.name);
    return [{ kind: 'setTimer', name: 'election', minMs: 150, maxMs: 300 }];
  },
});
`,
});
afterAll(folder.remove);
const here = { cwd: folder.path };
const raft = join(REPOSITORY, 'sdk/typescript/raft.ts');

interface Told {
  readonly server: string;
  readonly boot: number;
  readonly lives: number;
  readonly end: string;
  readonly lines: readonly string[];
}

const told = (words: readonly string[]) =>
  whitewaterJson<Told>(['replay', 'plan.json', '--sut', raft, ...words], here);

describe('replay --stdin-of', () => {
  test('prints the lines of the last life, which a server alone understands', async () => {
    const { code, value } = await told(['--stdin-of', 'n2']);
    expect(code).toBe(0);
    expect(value.lives).toBeGreaterThan(1);
    expect(value.boot).toBe(value.lives - 1);
    const events = value.lines.map((line) => JSON.parse(line));
    expect(events.map(({ n }) => n)).toEqual(events.map((_, i) => i + 1));
    expect(events[0]).toMatchObject({ kind: 'hello', protocols: [1] });
    expect(events[1]).toMatchObject({ kind: 'start', self: 'n2', boot: value.boot });
    expect(events[1].durable).not.toBeNull();
    const server = new Raft();
    const kinds = events.slice(1).flatMap((event) => server.handle(event).map(({ kind }) => kind));
    expect(kinds).toContain('apply');
  });

  test('prints any life, line by line, and says on stderr which it is', async () => {
    const words = ['replay', 'plan.json', '--sut', raft, '--stdin-of', 'n3', '--boot', '0'];
    const { code, stdout, stderr } = await whitewater(words, here);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(JSON.parse(lines[1]!)).toMatchObject({ n: 2, kind: 'start', self: 'n3', durable: null });
    expect(stderr).toMatch(
      /^n3, life 0 of \d+ \(from 0\): \d+ lines\.\nThe run ends after \d+ events: pass\.\n.* under a debugger: node --inspect-brk \S+ \.whitewater\/debug\.mjs < n3\.in\n$/,
    );
    // What a debugger would stop in needs no other tool, and finds the sources.
    const program = join(folder.path, '.whitewater/debug.mjs');
    const alone = spawnSync(process.execPath, [program], { input: stdout, encoding: 'utf8' });
    expect(alone.stdout.trimEnd().split('\n')).toHaveLength(lines.length);
    const [, encoded] = /base64,([\w+/=]+)/.exec(readFileSync(program, 'utf8'))!;
    const map = JSON.parse(Buffer.from(encoded!, 'base64').toString());
    expect(map.sources).toContain('raft.ts');
    expect(map.sourceRoot).toBe(`${pathToFileURL(dirname(raft)).href}/`);
  });

  test('ends with the event that the program has died of', async () => {
    const words = ['replay', 'plan.json', '--sut', 'thrower.ts', '--json'];
    const { value } = await whitewaterJson<Told>([...words, '--stdin-of', 'n1'], here);
    const dead = /n(\d): /.exec(value.end)![1];
    expect(value.end).toMatch(
      /^The run ends with CRASH at n\d: .*RangeError: no election \(thrower\.ts:3\)/,
    );
    const { value: last } = await whitewaterJson<Told>([...words, '--stdin-of', `n${dead}`], here);
    expect(JSON.parse(last.lines.at(-1)!)).toMatchObject({ kind: 'timer', name: 'election' });
  });

  test('refuses what it cannot print', async () => {
    mkdirSync(join(folder.path, 'empty'), { recursive: true });
    writeFileSync(join(folder.path, 'torn.ts'), 'export const createServer = (');
    const table: readonly (readonly [words: string, code: number, sentence: string])[] = [
      ['--stdin-of n2', 2, 'Expected --sut with --stdin-of: whose server was told?'],
      [`--sut ${raft} --stdin-of n9`, 2, 'Expected a server from n1 to n3, got "n9" (--stdin-of).'],
      [`--sut ${raft} --stdin-of n1 --boot 99`, 2, 'Expected a life from 0 to '],
      ['--boot 1', 2, 'Expected --stdin-of with --boot.'],
      ['--sut empty --stdin-of n1', 2, 'Expected whitewater.yaml in "empty"'],
      ['--sut torn.ts --stdin-of n1', 1, 'It does not start: '],
    ];
    for (const [words, code, sentence] of table) {
      const ended = await whitewater(['replay', 'plan.json', ...words.split(' ')], here);
      expect([ended.code, ended.stderr.slice(0, sentence.length)], words).toEqual([code, sentence]);
    }
  });
});
