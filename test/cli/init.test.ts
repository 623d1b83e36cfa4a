import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { starterFiles } from '../../cli/starter-files.ts';
import { STARTERS } from '../../cli/starters.ts';
import { loadSubmission } from '../../sim/grading/submission.ts';
import { REPOSITORY, whitewater, whitewaterJson } from './whitewater.ts';

const folder = mkdtempSync(join(tmpdir(), 'whitewater-init-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const here = { cwd: folder };

describe('what init writes', () => {
  test.each(
    STARTERS.map((starter) => [starter.title, Object.keys(starter.shapes)[0]!, starter] as const),
  )('in %s, shape %s: a starter, its kit, and what surrounds them', (_title, shape, starter) => {
    const files = starterFiles(starter, shape, 'whitewater@1.2.3')!;
    const paths = [...files.keys()];
    const own = [starter.main, 'whitewater.yaml', 'README.md', '.gitignore'];
    expect(paths).toEqual(expect.arrayContaining([...own, '.github/workflows/raft.yml']));
    for (const part of starter.kit) {
      expect(
        paths.some((path) => path === part || path.startsWith(`${part}/`)),
        part,
      ).toBe(true);
    }
    expect(files.get('README.md')!.split('\n').length).toBeLessThanOrEqual(60);
    expect(files.get('.github/workflows/raft.yml')).toContain('npx --yes whitewater@1.2.3 grade .');
    for (const [path, text] of files) expect(text, path).not.toMatch(/\.\.\/whitewater/);
  });

  test('only texts, never what was built', () => {
    for (const starter of STARTERS) {
      const [shape] = Object.keys(starter.shapes);
      for (const [path, text] of starterFiles(starter, shape!, 'whitewater')!) {
        expect(text.includes('\0'), path).toBe(false);
      }
    }
  });

  test('nothing for a shape that this package does not have', () => {
    expect(starterFiles(STARTERS[0]!, 'lab', 'whitewater')).toBeNull();
  });
});

describe('whitewater init', () => {
  test('writes a submission, and says what to do next', async () => {
    const { code, stdout } = await whitewater(['init', 'ts', 'mine'], here);
    expect(code).toBe(0);
    expect(stdout).toContain(join('mine', 'raft.ts'));
    expect(stdout).toMatch(/\n {4}cd mine && npx whitewater grade \. --next\n$/);
    expect(loadSubmission(join(folder, 'mine')).manifest.module).toBe('raft.ts');
  });

  test('overwrites nothing', async () => {
    const { code, stderr } = await whitewater(['init', 'ts', 'mine'], here);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^Nothing is overwritten, and "mine" already has package\.json, raft\.ts, /,
    );
    writeFileSync(join(folder, 'raft.py'), 'mine');
    expect((await whitewater(['init', 'python', '.'], here)).code).toBe(2);
    expect(readFileSync(join(folder, 'raft.py'), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, 'whitewater.py'))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['mine', 'raft.py']);
  });

  test('says which languages and shapes there are', async () => {
    const rust = await whitewater(['init', 'rust'], here);
    expect([rust.code, rust.stderr]).toEqual([2, 'Expected one of ts, python, go, got "rust".\n']);
    const lab = await whitewater(['init', 'python', 'p', '--shape', 'lab'], here);
    expect(lab.stderr).toBe('Expected no --shape: the starter for Python has one shape only.\n');
  });
});

interface Findings {
  readonly findings: readonly {
    readonly state: string;
    readonly what: string;
    readonly advice: string | null;
  }[];
  readonly failed: number;
}

const doctor = (path: string) => whitewaterJson<Findings>(['doctor', path], here);

describe('whitewater doctor', () => {
  test('finds nothing wrong with a starter, which does nothing yet', async () => {
    const { code, value } = await doctor('mine');
    expect([code, value.failed]).toEqual([0, 0]);
    expect(value.findings.map(({ what }) => what).join('\n')).toMatch(
      /^Node 2.*\n(.*\n)*Start and greeting: Raft; durability explicit, reset, claims/,
    );
    const absent = value.findings.filter(({ advice }) => advice?.includes('No server has sent'));
    expect(absent).toHaveLength(1);
  });

  test('finds a Raft that elects, answers, repeats and remembers', async () => {
    const raft = readFileSync(join(REPOSITORY, 'sdk/typescript/raft.ts'), 'utf8');
    writeFileSync(join(folder, 'mine', 'raft.ts'), raft);
    const { code, value } = await doctor('mine');
    expect(code).toBe(0);
    expect(
      value.findings.filter(({ state, what }) => state !== 'right' && !what.includes('not found')),
    ).toEqual([]);
  });

  test('tells a variable that outlives a reset from chance', async () => {
    const submission = (length: string): string => `import { Server } from './whitewater.ts';
      let lives = 0;
      class Raft extends Server {
        override capabilities = { durability: 'explicit', reset: true } as const;
        override start(): void { this.setTimer('election', ${length}, 500); }
      }
      export const createServer = () => { lives += 1; return new Raft(); };`;
    const told = async (length: string): Promise<string> => {
      writeFileSync(join(folder, 'mine', 'raft.ts'), submission(length));
      const { code, value } = await doctor('mine');
      expect(code).toBe(1);
      expect(JSON.stringify(value)).toContain('Two runs of the same plan differ');
      return JSON.stringify(value);
    };
    const sentence = 'So a variable outside of the server';
    expect(await told('150 + lives')).toContain(sentence);
    expect(await told('150 + Math.floor(Math.random() * 100_000) % 97')).not.toContain(sentence);
  });

  test('says where a module does not build, and where it throws', async () => {
    const path = join(folder, 'mine', 'raft.ts');
    writeFileSync(
      path,
      "import { Server } from './Whitewater.ts';\nexport const createServer = 1 +;\n",
    );
    const broken = await doctor('mine');
    expect([broken.code, broken.value.failed]).toEqual([1, 2]);
    const wrong = broken.value.findings.filter(({ state }) => state === 'wrong');
    expect(wrong[0]!.what).toBe('raft.ts names Whitewater.ts, and the file is whitewater.ts');
    expect(wrong[1]!.what).toMatch(/raft\.ts:2/);
    const thrower = [
      "import { Server } from './whitewater.ts';",
      'class Raft extends Server {',
      "  override capabilities = { durability: 'explicit' } as const;",
      "  override start(): void { throw new RangeError('no start'); }",
      '}',
      'export const createServer = () => new Raft();',
    ];
    writeFileSync(path, thrower.join('\n'));
    const thrown = await doctor('mine');
    expect(thrown.code).toBe(1);
    expect(JSON.stringify(thrown.value.findings)).toMatch(/RangeError: no start \(raft\.ts:4\)/);
  });

  test('says what to do where there is no submission', async () => {
    const { code, value } = await doctor('nowhere');
    expect(code).toBe(1);
    expect(value.findings.at(-1)).toMatchObject({
      what: 'There is no file or folder "nowhere".',
      advice: '`npx whitewater init ts|python|go` writes a folder to begin with.',
    });
  });
});

describe('the program that npx starts', () => {
  const bin = join(REPOSITORY, 'bin/whitewater.cjs');

  test('says which Node it needs', () => {
    const older = join(folder, 'older.cjs');
    writeFileSync(
      older,
      "Object.defineProperty(process.versions, 'node', { value: '18.19.1' });\n",
    );
    const { status, stderr } = spawnSync(process.execPath, ['-r', older, bin, '--version'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([
      2,
      'Whitewater needs Node 20.19 or newer; this is 18.19.1.\n',
    ]);
  });

  test('starts the command line, and ends as it does', () => {
    expect(spawnSync(process.execPath, [bin, '--version'], { encoding: 'utf8' }).stdout).toMatch(
      /^\d+\.\d+\.\d+\n$/,
    );
    expect(spawnSync(process.execPath, [bin, 'rum'], { encoding: 'utf8' }).status).toBe(2);
  });
});
