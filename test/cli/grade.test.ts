import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gradeRequestOf } from '../../cli/grade-request.ts';
import type { Arguments } from '../../cli/options.ts';
import { missingFileWords, programOf, TRUSTED } from '../../cli/submitted-program.ts';
import { findSuite } from '../../scenarios/suites/registry.ts';
import { type Report, reportSchema } from '../../sim/grading/report.ts';
import { loadSubmission } from '../../sim/grading/submission.ts';
import { UsageError } from '../../sim/usage-error.ts';
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

  it('gives 0 points to a folder without a manifest, and tells nothing of what a link leads to', async () => {
    const bare = await whitewater(['grade', '.'], { cwd: folder });
    expect(bare.code).toBe(1);
    expect(report().error).toContain('Expected whitewater.yaml in "."');
    const secret = mkdtempSync(join(tmpdir(), 'ww-secret-'));
    writeFileSync(join(secret, 'secret.txt'), 'the-secret: [');
    symlinkSync(join(secret, 'secret.txt'), join(folder, 'whitewater.yaml'));
    const { code, stdout, stderr } = await whitewater(['grade', '.'], { cwd: folder });
    rmSync(secret, { recursive: true });
    expect(code).toBe(1);
    expect(report().error).toContain('got a link out of it');
    expect(stdout + stderr + JSON.stringify(report())).not.toContain('the-secret');
  }, 60_000);

  it('leaves a failed report behind when a program kills it', async () => {
    file('whitewater.yaml', 'version: 1\nrun: [node, "-e", "process.kill(process.ppid, 9)"]\n');
    file('j.xml', '<testsuites failures="0"/>');
    mkdirSync(join(folder, '.whitewater'));
    file('.whitewater/report.json', '{"verdict":"passed"}');
    const words = ['grade', '.', '--suite', 'milestones', '--reporter', 'junit=j.xml'];
    const { code } = await whitewater(words, { cwd: folder });
    expect(code).toBeNull();
    expect(report()).toMatchObject({
      verdict: 'failed',
      error: 'The grading did not come to its end.',
      score: { points: 0 },
    });
    expect(readFileSync(join(folder, 'j.xml'), 'utf8')).toContain('<failure');
  }, 60_000);

  it('names the file that `run` or `module` wants and that is not there', async () => {
    const missing = async (words: string, field: string): Promise<string | null> => {
      file('whitewater.yaml', `version: 1\n${field}: ${words}\n`);
      const submission = loadSubmission(folder);
      if (field === 'run') return missingFileWords(submission);
      return programOf(submission, TRUSTED).then(
        () => null,
        (error: Error) => error.message,
      );
    };
    const sentence = (name: string, field: string): string =>
      `There is no file "${name}" in the folder of the submission (${field} of whitewater.yaml).`;
    expect(await missing('[python3, -u, raft.py]', 'run')).toBe(sentence('raft.py', 'run'));
    expect(await missing('[./raft, --log=x.js]', 'run')).toBe(sentence('./raft', 'run'));
    expect(await missing('raft.ts', 'module')).toBe(sentence('raft.ts', 'module'));
    file('raft.py', '');
    expect(await missing('[python3, -u, raft.py]', 'run')).toBeNull();
  });

  it('writes its report over what a program has written, and prints no commands of a build', async () => {
    file(
      'forge.mjs',
      `import { writeFileSync } from 'node:fs';
       writeFileSync(${JSON.stringify(join(folder, '.whitewater/report.json'))}, '{"verdict":"passed"}');
       console.log('::add-mask::x\\n  ::set-output name=score::100\\n##vso[task.complete]');`,
    );
    file('whitewater.yaml', 'version: 1\nbuild: [node, forge.mjs]\nrun: [node, forge.mjs]\n');
    const words = ['grade', '.', '--suite', 'milestones', '--verbose', '--reporter', 'github'];
    const { code, stdout, stderr } = await whitewater(words, { cwd: folder });
    expect(code).toBe(1);
    expect(report()).toMatchObject({ verdict: 'failed', score: { points: 0 } });
    expect(report().versions.tools).toEqual({ node: process.versions.node });
    expect(stderr).toContain('build│ ');
    expect(stdout + stderr).not.toMatch(/^\s*::(add-mask|set-output)/m);
    expect(stdout + stderr).not.toContain('##vso[');
  }, 60_000);

  it('calls a program with a variable of its module recorded and says what it may be, takes no points for it, and lets it read no file', async () => {
    const kit = readFileSync(join(import.meta.dirname, '../../sdk/typescript/raft.ts'), 'utf8');
    file('base.ts', kit.replace("'./whitewater.ts'", "'whitewater/kit'"));
    file(
      'raft.ts',
      `import { createServer as create } from './base.ts';
       let armed = 0;
       export function createServer() {
         const server = create() as any;
         const handle = server.handle.bind(server);
         server.handle = (event: unknown) => {
           let read = 'refused';
           try {
             read = (process as any).getBuiltinModule('fs').readFileSync('/etc/hostname', 'utf8');
           } catch {}
           if (read !== 'refused' || process.kill !== undefined) throw new Error('It can read.');
           return handle(event).map((action: any) =>
             action.kind === 'setTimer' && action.name === 'election'
               ? { ...action, minMs: 150 + (++armed % 97) }
               : action,
           );
         };
         return server;
       }`,
    );
    const words = ['grade', 'raft.ts', '--test', 'A1', '--jobs', '1'];
    const { code, stdout } = await whitewater(words, { cwd: folder });
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(report()).toMatchObject({ determinism: 'recorded', score: { percent: 100 } });
    expect(stdout).toContain('outside of the server (of a module, a class, a package)');
  }, 60_000);

  it('ends at Ctrl-C with what it has', async () => {
    const kit = readFileSync(join(import.meta.dirname, '../../sdk/typescript/raft.ts'), 'utf8');
    file('raft.ts', kit.replace("'./whitewater.ts'", "'whitewater/kit'"));
    const path = join(folder, '.whitewater/report.json');
    const signal = { name: 'SIGINT' as const, when: () => existsSync(path) };
    const { code, stderr } = await whitewater(['grade', 'raft.ts'], { cwd: folder, signal });
    expect(code).toBe(130);
    const [first, last] = stderr.split('\n').filter((line) => line.startsWith('Interrupted: '));
    expect(first).toContain('Ctrl-C once more ends it at once');
    expect(last).toMatch(/^Interrupted: 0 of \d+ tests were made .* The report: \.whitewater/);
    expect(report().tests).toHaveLength(findSuite('labs')!.tests.length);
    expect(JSON.stringify(report())).toContain('interrupted');
  }, 60_000);

  it.each([
    [['grade', 'nothing'], 'There is no file or folder "nothing".'],
    [['grade', '.', '--sute', 'labs'], 'Did you mean "--suite"?'],
    [['grade', '.', '--test', 'A99'], 'Did you mean "A9"?'],
    [['grade', '.', '--reporter', 'junitt'], 'Did you mean "junit"?'],
  ])(
    'refuses %j in one sentence, and leaves no report of an earlier grading',
    async (words, sentence) => {
      mkdirSync(join(folder, '.whitewater'));
      const stale = ['.whitewater/report.json', 'j.xml', 'm.md'].map((name) =>
        file(name, 'passed'),
      );
      const reporters = ['--reporter', 'junit=j.xml', '--reporter=markdown=m.md'];
      const { code, stderr } = await whitewater([...words, ...reporters], { cwd: folder });
      expect(code).toBe(2);
      expect(stderr).toContain(sentence);
      expect(stale.filter((path) => existsSync(path))).toEqual([]);
    },
  );

  const refused: readonly [Arguments, string][] = [
    [{ suite: 'lab' }, 'Did you mean "labs"?'],
    [{ suite: 'labs@9' }, 'Expected labs@1'],
    [{ test: ['M1.*'] }, '"M1.*" is a test of milestones: add --suite milestones'],
    [{ test: ['Z9'] }, 'Expected a test of labs'],
    [{ hint: '5' }, 'Expected a level from 0 to 4, got "5"'],
    [{ threshold: '101' }, 'Expected a percentage from 0 to 100, got "101"'],
    [{ secret: 'no-such-file' }, 'Expected a file with a secret, got "no-such-file"'],
    [{ secret: '/dev/null' }, 'Expected a secret, got an empty file'],
    [{ secret: '777' }, 'Expected an open file descriptor, got 777'],
    [{ rubric: 'no-such-file' }, 'Expected a file with a rubric'],
    [{ reporter: ['junit='] }, 'Expected a file behind junit='],
    [{ reporter: ['junit=/dev/null/x'] }, 'a part of its path is a file'],
    [{ reporter: ['junit=/nope/x.xml'] }, 'there is no such folder'],
    [{ runAs: 'no-such-user' }, '(--run-as)'],
    [{ runAs: 'root' }, '(--run-as)'],
  ];
  it.each(refused)('refuses %j', (args, sentence) => {
    expect(() => gradeRequestOf({ target: '.', ...args })).toThrow(UsageError);
    expect(() => gradeRequestOf({ target: '.', ...args })).toThrow(sentence);
  });

  it('reads a secret from stdin, or from a descriptor that it closes', () => {
    const main = join(import.meta.dirname, '../../dist/cli/main.js');
    const words = [main, 'grade', '.', '--secret', '0'];
    expect(spawnSync(process.execPath, words, { cwd: folder, input: 'raft' }).status).toBe(1);
    expect(report().secret).toBe(createHash('sha256').update('raft').digest('hex'));
    const descriptor = openSync(file('secret.txt', 'raft\n'), 'r');
    expect(gradeRequestOf({ target: '.', secret: String(descriptor) }).secret).toBe('raft');
    expect(() => closeSync(descriptor)).toThrow('EBADF');
  });

  it('takes tests by a pattern, in the order of the suite', () => {
    const { tests } = gradeRequestOf({ target: '.', test: ['C2', 'A1*'] });
    expect(tests.map(({ id }) => id)).toEqual(['A1', 'A10', 'C2']);
  });
});
