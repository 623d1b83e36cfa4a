/** What a server reads beside its events is named, wherever Node has it from. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** An expression, where it comes from if it is no global, and how it is named. */
const CALLS: readonly (readonly [read: string, source: string, what: string, top?: string])[] = [
  ['Date.now()', 'clock', 'Date.now'],
  ['new Date().getMilliseconds()', 'clock', 'new Date'],
  ['Date()', 'clock', 'new Date'],
  ['performance.now()', 'clock', 'performance.now'],
  ['process.hrtime()', 'clock', 'process.hrtime'],
  ['process.hrtime.bigint()', 'clock', 'process.hrtime'],
  ['Math.random()', 'chance', 'Math.random'],
  ['randomInt(9)', 'chance', 'crypto.randomInt', `import { randomInt } from 'node:crypto';`],
  ['crypto.getRandomValues(new Uint8Array(1))', 'chance', 'crypto.getRandomValues'],
  ['process.env.PLANTED', 'environment', 'process.env.PLANTED'],
  ['process.pid', 'environment', 'process.pid'],
  ['hostname()', 'environment', 'os.hostname', `import { hostname } from 'node:os';`],
  ['existsSync("x")', 'file', 'fs.existsSync', `import { existsSync } from 'node:fs';`],
  ['queueMicrotask(() => {})', 'later', 'queueMicrotask'],
  ['setTimeout(() => {}, 0)', 'later', 'setTimeout'],
  ['process.nextTick(() => {})', 'later', 'process.nextTick'],
  ['Promise.resolve().then(() => {})', 'later', 'Promise.then'],
];

/** What says nothing about the world. */
const HARMLESS = ['new Date(0).getTime()', 'Math.floor(1.5)', 'Date.UTC(2000, 1)', '"quiet"'];

const modulesOf = (read: string, top = ''): string => `${top}
export function createServer() {
  function readsIt() {
    return ${read};
  }
  return { step() { readsIt(); } };
}`;

const texts = [
  `export const loadedAt = Date.now();\nexport const createServer = () => ({ step() {} });`,
  ...CALLS.map(([read, , , top]) => modulesOf(read, top)),
  ...HARMLESS.map((read) => modulesOf(read)),
];
const program = join(import.meta.dirname, 'trapped-calls.ts');
const args = ['--import', 'tsx', program, JSON.stringify(texts)];
const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });

describe('a trap', () => {
  it('is set in a process of its own', () => {
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toHaveLength(texts.length);
  });

  const seenBy = (place: number): readonly object[] => JSON.parse(stdout)[place];

  it('sees what is read while a module is loaded', () => {
    expect(seenBy(0)).toMatchObject([{ what: 'Date.now', node: 0, place: 0 }]);
  });

  const rows = CALLS.map(([read, source, what], i) => ({ read, source, what, place: i + 1 }));
  it.each(rows)('sees $read, where it is called', ({ source, what, place }) => {
    const one = { source, what, caller: 'readsIt', line: 4, node: 3 };
    expect(seenBy(place)).toMatchObject([one, one]);
  });

  it.each(HARMLESS)('sees nothing in %s', (read) => {
    expect(seenBy(1 + CALLS.length + HARMLESS.indexOf(read))).toEqual([]);
  });
});
