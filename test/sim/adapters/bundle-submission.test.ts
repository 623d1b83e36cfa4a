import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleSubmission } from '../../../sim/adapters/bundle-submission.ts';

const SECRET = 'the-secret-of-the-teacher';
let above = '';
let root = '';

beforeEach(() => {
  above = realpathSync(mkdtempSync(join(tmpdir(), 'ww-bundle-')));
  root = join(above, 'submission');
  mkdirSync(root);
  writeFileSync(join(above, 'secret.json'), JSON.stringify({ secret: SECRET }));
  mkdirSync(join(above, 'node_modules', 'outside'), { recursive: true });
  writeFileSync(
    join(above, 'node_modules', 'outside', 'index.js'),
    `export const s = '${SECRET}';`,
  );
});

afterEach(() => rmSync(above, { recursive: true, force: true }));

function bundle(text: string, deny: readonly string[] = []): Promise<string> {
  const entry = join(root, 'raft.ts');
  writeFileSync(entry, text);
  return bundleSubmission(entry, { root, deniedImports: deny, deniedPackages: [] });
}

const SERVER = 'export const createServer = () => ({ handle: () => [] });';

describe('what a submitted module may import', () => {
  it('is its own files, in the folder or below', async () => {
    mkdirSync(join(root, 'parts'));
    writeFileSync(join(root, 'parts', 'log.ts'), 'export const log: string[] = ["own"];');
    const code = await bundle(`import { log } from './parts/log.ts'; console.log(log); ${SERVER}`);
    expect(code).toContain('own');
  });

  it('is what Node has that touches nothing', async () => {
    await expect(
      bundle(`import { equal } from 'node:assert'; equal(1, 1); ${SERVER}`),
    ).resolves.toContain('createServer');
  });

  it('is the kit of the bench, by its name, whatever a package of that name holds', async () => {
    const forged = join(root, 'node_modules', 'whitewater');
    mkdirSync(forged, { recursive: true });
    writeFileSync(join(forged, 'package.json'), '{"exports":{"./kit":"./kit.js"}}');
    writeFileSync(join(forged, 'kit.js'), `export class Server { forged = '${SECRET}'; }`);
    const code = await bundle(
      `import { Server } from 'whitewater/kit'; export const createServer = () => new Server();`,
    );
    expect(code).toContain('whenDurable');
    expect(code).not.toContain(SECRET);
  });

  const refused: readonly [string, string][] = [
    ['a file above', `import s from '../secret.json'; console.log(s); ${SERVER}`],
    ['a file above, by require', `console.log(require('../secret.json')); ${SERVER}`],
    ['a file above, by a late import', `void import('../secret.json'); ${SERVER}`],
    ['a file above, by a pattern', `const n = 'secret'; void import(\`../\${n}.json\`); ${SERVER}`],
    ['a package from above', `import { s } from 'outside'; console.log(s); ${SERVER}`],
    ['files of Node', `import fs from 'node:fs'; console.log(fs); ${SERVER}`],
    [
      'files of Node, by their old name',
      `import fs from 'fs/promises'; console.log(fs); ${SERVER}`,
    ],
    ['the bench itself', `import * as w from 'whitewater/kit/../stdio'; console.log(w); ${SERVER}`],
    [
      'the reference, by the kit',
      `import * as w from 'whitewater/contract'; console.log(w); ${SERVER}`,
    ],
    ['the reference', `import * as w from 'whitewater'; console.log(w); ${SERVER}`],
  ];
  it.each(refused)('is not %s', async (_, text) => {
    const built = await bundle(text).then(
      (code) => code,
      (error: Error) => error,
    );
    expect(built).toBeInstanceOf(Error);
    expect(String(built)).toMatch(/refused|lies outside/);
    expect(String(built)).not.toContain(SECRET);
  });

  it('is not a file above, by its whole path', async () => {
    const path = JSON.stringify(join(above, 'secret.json'));
    await expect(bundle(`import s from ${path}; console.log(s); ${SERVER}`)).rejects.toThrow(
      /refused/,
    );
  });

  it('is not a link that leads out', async () => {
    symlinkSync(join(above, 'secret.json'), join(root, 'mine.json'));
    await expect(bundle(`import s from './mine.json'; console.log(s); ${SERVER}`)).rejects.toThrow(
      /refused/,
    );
  });

  it('is not what a tsconfig.json leads to', async () => {
    const paths = { compilerOptions: { baseUrl: '.', paths: { mine: ['../secret.json'] } } };
    writeFileSync(join(root, 'tsconfig.json'), JSON.stringify(paths));
    await expect(bundle(`import s from 'mine'; console.log(s); ${SERVER}`)).rejects.toThrow();
  });

  it('is not a package.json that leads out, nor what is in it', async () => {
    symlinkSync(join(above, 'secret.json'), join(root, 'package.json'));
    const imports = { imports: { '#mine': '../secret.json' } };
    mkdirSync(join(root, 'part'));
    writeFileSync(join(root, 'part', 'package.json'), JSON.stringify(imports));
    writeFileSync(join(root, 'part', 'log.ts'), `export { secret } from '#mine';`);
    const built = await bundle(
      `import { secret } from './part/log.ts'; console.log(secret); ${SERVER}`,
    ).catch(String);
    expect(built).not.toContain(SECRET);
    expect(built).toMatch(/refused|resolve/);
  });

  it('begins nowhere else', async () => {
    const outside = join(above, 'raft.ts');
    writeFileSync(outside, SERVER);
    const rules = { root, deniedImports: [], deniedPackages: [] };
    await expect(bundleSubmission(outside, rules)).rejects.toThrow(/outside/);
    symlinkSync(outside, join(root, 'raft.ts'));
    await expect(bundleSubmission(join(root, 'raft.ts'), rules)).rejects.toThrow(/outside/);
  });

  it('is not what the teacher denies', async () => {
    await expect(
      bundle(`import a from 'assert'; console.log(a); ${SERVER}`, ['assert']),
    ).rejects.toThrow(/not allowed/);
  });

  it('is named with its line when it does not build', async () => {
    await expect(bundle(`${SERVER}\nconst = 3;`)).rejects.toThrow(/raft\.ts:2:/);
  });
});
