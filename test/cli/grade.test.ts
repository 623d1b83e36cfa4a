import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Report, reportSchema } from '../../sim/grading/report.ts';
import { whitewater } from './whitewater.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ww-grade-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function report(): Report {
  return reportSchema.parse(
    JSON.parse(readFileSync(join(folder, '.whitewater/report.json'), 'utf8')),
  );
}

const SILENT = `export function createServer() {
  return { capabilities: { claims: true, durability: 'explicit', reset: true }, handle: () => [] };
}`;

describe('whitewater grade', () => {
  it('shows a starter one screen, and the run again', async () => {
    file('raft.ts', SILENT);
    const { code, stdout } = await whitewater(['grade', 'raft.ts', '--next', '--jobs', '1'], {
      cwd: folder,
    });
    expect(code).toBe(1);
    expect(stdout).toContain('set no timer and sent nothing');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines.at(-1)).toMatch(/^Again: npx whitewater replay \S+\.plan\.json --sut raft\.ts$/);
    const plan = /replay (\S+)/.exec(lines.at(-1)!)![1]!;
    const again = await whitewater(['replay', plan, '--sut', 'raft.ts'], { cwd: folder });
    expect(again.code).toBe(1);
    expect(again.stdout).toContain('leader-election-liveness');
  }, 60_000);

  it('tells neither plan nor how to see the run again below level 3', async () => {
    file('raft.ts', SILENT);
    const words = ['grade', 'raft.ts', '--test', 'A1', '--hint', '1', '--jobs', '1'];
    const { stdout } = await whitewater(words, { cwd: folder });
    expect(stdout).not.toContain('replay');
    expect(stdout).toMatch(/case A1-[0-9a-f]{4}/);
    expect(existsSync(join(folder, '.whitewater/cases'))).toBe(false);
    expect(JSON.stringify(report())).not.toContain('Rule:');
  }, 60_000);

  it('gives 0 points and the first error to what does not build', async () => {
    file('raft.ts', `${SILENT}\nconst = 3;`);
    const { code } = await whitewater(['grade', 'raft.ts', '--reporter', 'junit=j.xml'], {
      cwd: folder,
    });
    expect(code).toBe(1);
    expect(report().score.points).toBe(0);
    expect(report().error).toMatch(/raft\.ts:4:/);
    expect(readFileSync(join(folder, 'j.xml'), 'utf8')).toContain('<failure');
  }, 60_000);

  it('gives 0 points and the last words to what does not start', async () => {
    file('whitewater.yaml', 'version: 1\nrun: [node, "-e", "throw new Error(String(6 * 7))"]\n');
    const { code } = await whitewater(['grade', '.'], { cwd: folder });
    expect(code).toBe(1);
    expect(report().error).toMatch(/^It does not start: CRASH: .*42/);
  }, 60_000);

  it.each([
    [['grade', 'nothing'], 'There is no file or folder "nothing".'],
    [['grade', '.'], 'Expected whitewater.yaml in "."'],
    [['grade', '.', '--suite', 'lab'], 'Did you mean "labs"?'],
    [['grade', '.', '--suite', 'labs@9'], 'Expected labs@1'],
    [['grade', '.', '--test', 'A99'], 'Expected a test of labs'],
    [['grade', '.', '--hint', '5'], 'Expected a level from 0 to 4, got "5"'],
    [['grade', '.', '--secret', 'no-such-file'], 'Expected a file with a secret'],
    [['grade', '.', '--reporter', 'junitt'], 'Did you mean "junit"?'],
  ])('refuses %j in one sentence', async (words, sentence) => {
    const { code, stderr } = await whitewater(words, { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  });
});
