import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folderWith, REPOSITORY, whitewater, whitewaterJson } from './whitewater.ts';

const server = (step: string): string =>
  `export const createServer = () => ({ step(event, out) { ${step} } });`;
const folder = folderWith({
  'reference.ts': `export { createServer } from '${REPOSITORY}/core/raft-server.ts';`,
  'common.cjs': `require('node:fs'); module.exports.createServer = () => ({ step() {} });`,
  'syntax.ts': 'export const createServer = () => {',
  'throws.ts': 'throw new Error("no database");',
  'nothing.ts': 'export const start = 1;',
  'number.ts': 'export const createServer = 7;',
  'loops-loading.ts': 'for (;;);',
  'never-loads.ts': 'await new Promise(() => {}); export const createServer = () => {};',
  'loops-creating.ts': 'export const createServer = () => { for (;;); };',
  'no-server.ts': 'export const createServer = () => 5;',
  'throws-creating.ts': 'export const createServer = () => { throw new Error("no memory"); };',
  'loops.ts': server(`if (event.kind === 'start') out.setTimer('t', 1, 1); else for (;;);`),
  'throws-later.ts': server(`if (event.kind === 'request') throw new Error('cannot serve');`),
  'exits.ts': server('process.exit(0);'),
  'late.ts': server(`Promise.resolve().then(() => out.note('late'));`),
  'promises.ts': 'export const createServer = () => ({ async step() {} });',
  'sends-function.ts': server(`out.send(event.self === 1 ? 2 : 1, { kind: 'x', f() {} });`),
  'sends-itself.ts': server(
    `const b = { kind: 'x' }; b.b = b; out.send(event.self === 1 ? 2 : 1, b);`,
  ),
  'sends-other-kind.ts': server(`out.send(event.self === 1 ? 2 : 1, { kind: 'Ping', term: 1 });`),
  'sends-nonsense.ts': server(`out.send(event.self === 1 ? 2 : 1, { kind: 'AppendEntries' });`),
  'persists-nonsense.ts': server(`out.persist(1, 'log', 0, { kind: 'append' });`),
  'keeps-outbox.ts': `let kept; ${server(`kept ??= out; if (kept !== out) kept.note('x');`)}`,
  'throws-lines.ts': server(`throw new Error('one\\ntwo\\u001b[2J');`),
  'throws-null.ts': server('throw null;'),
  'throws-bare.ts': server('throw Object.create(null);'),
  'throws-hidden.ts': server(
    `throw Object.defineProperty(new Error(), 'message', { get() { throw 1; } });`,
  ),
  'kills.ts': server(`process.kill(process.pid, 'SIGKILL');`),
  'kills-by-name.ts': `import { kill } from 'node:process'; ${server(`kill(process.pid, 'SIGKILL');`)}`,
  'prints.ts': server(`for (let i = 0; i < 500; i += 1) console.log('x'.repeat(200));`),
  'deep.ts': server('const f = () => f(); f();'),
  'lies.ts': server(`for (const { id } of event.requests ?? []) out.respond(id, 'ok', 0);`),
});
const cwd = folder.path;
afterAll(folder.remove);

/** Only what loops is waited for in vain: others get all the time that a busy machine may need. */
const run = (file: string) => {
  const hangAfter = /loops-|never/.test(file) ? '1s' : file === 'loops.ts' ? '5s' : '60s';
  return whitewater(['run', '--sut', file, '--hang-after', hangAfter], { cwd });
};

describe('an implementation that was never put to the test is exit code 3', () => {
  it.concurrent.each([
    ['throws.ts', 'The module throws when it is loaded: Error: no database (throws.ts:1).'],
    [
      'nothing.ts',
      'Expected a module that exports the function createServer, got a module that exports start.',
    ],
    ['number.ts', 'Expected a module that exports the function createServer, got 7.'],
    ['loops-loading.ts', 'While it was loaded it did not return within 1 s.'],
    ['never-loads.ts', 'While it was loaded it did not return within 1 s.'],
    ['loops-creating.ts', 'createServer() did not return within 1 s.'],
    ['no-server.ts', 'must return an object with a method step(event, out), not 5'],
    ['throws-creating.ts', 'No server could be made: Error: no memory (throws-creating.ts:1).'],
  ])('%s', async (file, sentence) => {
    const { code, stdout, stderr } = await run(file);
    expect(stdout).toContain('The implementation was never put to the test.');
    expect(stdout).toContain(sentence);
    expect(stdout + stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(3);
  });

  it('shows places in its files in stacks, with --verbose', async () => {
    const args = ['run', '--sut', 'throws-later.ts', '--summary', '--verbose'];
    const { stderr } = await whitewater(args, { cwd });
    expect(stderr).toMatch(/^Error: cannot serve\n +at .*\(throws-later\.ts:1\)$/m);
    expect(stderr).not.toContain('base64');
  });

  it('says where it does not build', async () => {
    const { code, stderr } = await run('syntax.ts');
    expect(stderr).toBe('"syntax.ts" does not build: Unexpected end of file (syntax.ts:1:36).\n');
    expect(code).toBe(3);
  });
});

describe('what an implementation does wrong once it runs is its failure, exit code 1', () => {
  it.concurrent.each([
    ['loops.ts', 'The implementation hangs. Server'],
    ['throws-later.ts', 'threw at event'],
    ['exits.ts', 'took its worker down (its thread ended with code 0) at event 1.'],
    ['promises.ts', 'step() must be done when it returns and return nothing, not a promise'],
    [
      'sends-function.ts',
      'sent.body.f is a value of type function, which cannot be sent or stored',
    ],
    ['sends-itself.ts', 'is nested too deep, or in itself'],
    ['sends-other-kind.ts', 'InstallSnapshotResponse, TimeoutNow, not "Ping"'],
    ['sends-nonsense.ts', 'ContractError: Expected '],
    ['persists-nonsense.ts', 'ContractError: Expected '],
    ['keeps-outbox.ts', 'an outbox is good for one step, and was kept'],
    ['throws-lines.ts', 'Server 1 threw at event 1: Error: one two?[2J (throws-lines.ts:1).'],
    ['throws-null.ts', 'Server 1 threw at event 1: null.'],
    ['throws-bare.ts', 'Server 1 threw at event 1: {}.'],
    ['throws-hidden.ts', 'Server 1 threw at event 1: something that cannot be shown.'],
    ['kills.ts', 'process.kill: a server cannot end a process, its own or another one'],
    ['kills-by-name.ts', 'process.kill: a server cannot end a process, its own or another one'],
    ['prints.ts', 'leader-election-liveness'],
    ['deep.ts', 'RangeError: Maximum call stack size exceeded (deep.ts:1).'],
    ['lies.ts', 'acknowledged-is-committed'],
    ['common.cjs', 'leader-election-liveness'],
  ])('%s', async (file, sentence) => {
    const { code, stdout, stderr } = await run(file);
    expect(stdout).toContain(sentence);
    expect(stdout).toContain(`  replay: npx whitewater replay --seed 1 --sut ${file}`);
    expect(stdout + stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
  });
});

interface Campaign {
  readonly digest: string;
  readonly seeds: number;
  readonly violations: readonly { readonly kind: string; readonly detail: string }[];
}

describe('a campaign of a foreign implementation', () => {
  const campaign = (file: string, seeds = '8') =>
    whitewaterJson<Campaign>(
      ['campaign', '--seeds', seeds, '--sut', file, '--hang-after', '3s', '--no-corpus'],
      { cwd },
    );

  it('gives the reference in a module of its own the digest of the reference', async () => {
    const { code, value } = await campaign('reference.ts');
    const args = ['campaign', '--seeds', '8', '--profile', 'figure-2', '--no-corpus'];
    const reference = await whitewaterJson<Campaign>(args, { cwd });
    expect(code).toBe(0);
    expect(value.digest).toBe(reference.value.digest);
  });

  it('puts a program to what it has words for', async () => {
    const sut = join(REPOSITORY, 'sdk/typescript/raft.ts');
    const { code, value } = await campaign(sut, '12');
    expect(code).toBe(0);
    expect(value.seeds).toBe(12);
    const args = ['campaign', '--seeds', '1', '--sut', sut, '--profile', 'membership'];
    const refused = await whitewater(args, { cwd });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('Expected --profile programs for a program, got "membership"');
  });

  it('goes on after a run that does not come back', async () => {
    const { code, value } = await campaign('exits.ts', '3');
    expect(code).toBe(1);
    expect(value.seeds).toBe(3);
    expect(value.violations.map(({ kind }) => kind)).toEqual(['died', 'died', 'died']);
  });

  it('blames a module for what it does when a run is over, however many it has survived', async () => {
    const { code, value } = await campaign('late.ts');
    expect(code).toBe(1);
    expect(value.violations.some(({ kind }) => kind === 'died')).toBe(true);
  });
});
