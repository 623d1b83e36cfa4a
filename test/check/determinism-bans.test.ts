import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const REPOSITORY = join(import.meta.dirname, '../..');
const BIOME = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
const PURE_FOLDERS = ['core', 'invariants', 'sim/kernel'];

interface Ban {
  readonly statement: string;
  /** Part of what Biome says, apart from other complaints about the same line. */
  readonly says: string;
}

function global(name: string, statement: string): Ban {
  return { statement, says: `global variable ${name}` };
}

const NOT_BIT_EXACT = 'Not bit-exact';
const NO_ASYNC = 'No async here';

const BANS: readonly Ban[] = [
  global('Date', 'export const at = Date.now();'),
  global('Date', 'export const at = new Date();'),
  global('performance', 'export const at = performance.now();'),
  global('setTimeout', 'setTimeout(() => {}, 1);'),
  global('setInterval', 'setInterval(() => {}, 1);'),
  global('setImmediate', 'setImmediate(() => {});'),
  global('queueMicrotask', 'queueMicrotask(() => {});'),
  global('process', 'export const env = process.env;'),
  global('crypto', 'export const id = crypto.randomUUID();'),
  global('console', `console.log('x');`),
  global('Intl', 'export const format = new Intl.NumberFormat();'),
  global('Promise', 'export const later = Promise.resolve(1);'),
  global('Promise', 'export type Later = Promise<number>;'),
  global('globalThis', 'export const at = globalThis.Date;'),
  global('fetch', `export const page = fetch('http://localhost');`),
  global('WeakRef', 'export const weak = new WeakRef({});'),
  global('eval', `export const two = eval('1 + 1');`),
  { statement: `import { hash } from 'node:crypto'; export { hash };`, says: 'Node.js builtin' },
  { statement: `import { join } from 'path'; export { join };`, says: 'Node.js builtin' },
  { statement: 'export const x = Math.random();', says: 'Math.random cannot be seeded' },
  { statement: `export const x = Math['random']();`, says: 'Math.random cannot be seeded' },
  { statement: 'export const { random } = Math;', says: 'Write Math.name' },
  { statement: 'export const x = Math.log(2);', says: NOT_BIT_EXACT },
  { statement: 'export const x = Math.exp(2);', says: NOT_BIT_EXACT },
  { statement: 'export const x = Math.pow(2, 3);', says: NOT_BIT_EXACT },
  { statement: 'export const x = Math.sqrt(2);', says: NOT_BIT_EXACT },
  { statement: 'export const x = 2 ** 3;', says: NOT_BIT_EXACT },
  { statement: 'let x = 2; x **= 3; export { x };', says: NOT_BIT_EXACT },
  { statement: 'export async function f() {}', says: NO_ASYNC },
  { statement: 'export default async function () {}', says: NO_ASYNC },
  { statement: 'export const f = async function () {};', says: NO_ASYNC },
  { statement: 'export const f = async () => 1;', says: NO_ASYNC },
  { statement: 'export const f = async x => x;', says: NO_ASYNC },
  { statement: 'export const o = { async f() {} };', says: NO_ASYNC },
  { statement: 'export class C { protected async f() {} }', says: NO_ASYNC },
  { statement: 'export class C { static async *f() {} }', says: NO_ASYNC },
  { statement: 'export const x = await 1;', says: 'No await here' },
  { statement: 'for await (const x of []) void x;', says: 'No for await here' },
  { statement: `export const m = import('./y.ts');`, says: 'No import() here' },
  { statement: 'export const url = import.meta.url;', says: 'No import.meta here' },
  { statement: `export const order = 'a'.localeCompare('b');`, says: 'Depends on the locale' },
  { statement: 'export const text = (3).toLocaleString();', says: 'Depends on the locale' },
  { statement: 'export const sorted = [1].sort();', says: 'Give sort a comparator' },
  { statement: 'export const sorted = [1].toSorted();', says: 'Give sort a comparator' },
];

/** Close to a ban, and allowed. */
const ALLOWED: readonly string[] = [
  'export const x = Math.floor(Math.max(1, Math.imul(2, 3)));',
  'export const sorted = [1].sort((a, b) => a - b);',
  'export const asyncCount = (async1: number) => async1;',
  'export class C { async() {} }',
  'export const o = { promise: 1, date: 2, process: 3 };',
  `export const text = 'Math.random await async';`,
];

const THROW = `throw new Error('no');`;
const RANDOM = 'export const x = Math.random();';

interface Diagnostic {
  readonly message: string;
  readonly location: { readonly path: string };
}

let root = '';
const messages = new Map<string, string[]>();

function write(path: string, text: string): void {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${text}\n`);
}

function writeTree(): void {
  for (const name of ['biome.json', '.biome', '.gitignore']) {
    cpSync(join(REPOSITORY, name), join(root, name), { recursive: true });
  }
  for (const folder of PURE_FOLDERS) {
    BANS.forEach(({ statement }, index) => {
      write(`${folder}/ban-${index}.ts`, statement);
    });
    ALLOWED.forEach((statement, index) => {
      write(`${folder}/allowed-${index}.ts`, statement);
    });
  }
  for (const path of ['core/raise.ts', 'core/assert.ts', 'sim/raise.ts']) write(path, THROW);
  for (const path of ['sim/draw.ts', 'scenarios/draw.ts', 'test/draw.ts']) write(path, RANDOM);
}

function lint(): readonly Diagnostic[] {
  const options = ['--reporter=json', '--max-diagnostics=none'];
  const run = spawnSync(process.execPath, [BIOME, 'lint', ...options, '.'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(run.stdout).diagnostics;
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'whitewater-bans-'));
  writeTree();
  for (const { message, location } of lint()) {
    messages.set(location.path, [...(messages.get(location.path) ?? []), message]);
  }
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function complaints(path: string): string {
  return (messages.get(path) ?? []).join('\n');
}

describe.each(PURE_FOLDERS)('determinism in %s', (folder) => {
  it.each(BANS.map((ban, index) => ({ ...ban, index })))('bans $statement', (ban) => {
    expect(complaints(`${folder}/ban-${ban.index}.ts`)).toContain(ban.says);
  });

  it.each(ALLOWED.map((statement, index) => ({ statement, index })))('allows $statement', (it) => {
    expect(complaints(`${folder}/allowed-${it.index}.ts`)).toBe('');
  });
});

describe('throw', () => {
  it('is banned in core', () => {
    expect(complaints('core/raise.ts')).toContain('No throw in core');
  });

  it.each(['core/assert.ts', 'sim/raise.ts'])('is allowed in %s', (path) => {
    expect(complaints(path)).toBe('');
  });
});

describe('Math.random', () => {
  it.each(['sim/draw.ts', 'scenarios/draw.ts'])('is banned in %s', (path) => {
    expect(complaints(path)).toContain('Math.random cannot be seeded');
  });

  it('is allowed in tests', () => {
    expect(complaints('test/draw.ts')).toBe('');
  });
});

describe('the plugins', () => {
  // Biome mentions a plugin that fails in a mere note, and goes on without its rules.
  it('run without an error of their own', () => {
    expect([...messages.values()].flat().filter((text) => text.includes(' errored'))).toEqual([]);
  });
});
