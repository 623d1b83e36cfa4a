import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { OwnCore, threadNumber } from '../../../sim/adapters/own-core.ts';
import { stdioCommand } from '../../../sim/adapters/stdio-command.ts';
import { DEFAULT_STDIO_OPTIONS, StdioHost } from '../../../sim/adapters/stdio-host.ts';
import { busyMs, coresOf, coreTimes } from '../../../sim/adapters/system-times.ts';
import { START } from './start-event.ts';

const FOLDER = new URL('./programs/', import.meta.url).pathname;
const COMMAND = stdioCommand([process.execPath, 'moods.mjs', 'good'], FOLDER);
const thread = threadNumber()!;
const threadCores = (): readonly number[] => coresOf(`self/task/${thread}`);

describe('a thread and its programs', () => {
  test('keep to one core until they are done', () => {
    const before = threadCores();
    const host = new StdioHost(COMMAND, { ...DEFAULT_STDIO_OPTIONS, hasOwnCore: true });
    try {
      expect(threadCores()).toHaveLength(1);
      expect(before).toContain(threadCores()[0]);
      const program = host.begin();
      const [action] = program.answer(START);
      const { note } = action as unknown as { readonly note: { readonly pid: number } };
      expect(coresOf(`${note.pid}`)).toEqual(threadCores());
    } finally {
      host.close();
    }
    expect(threadCores()).toEqual(before);
  });

  test('are left where they are when nobody asks for it', () => {
    const before = threadCores();
    const host = new StdioHost(COMMAND, DEFAULT_STDIO_OPTIONS);
    expect(threadCores()).toEqual(before);
    host.close();
  });

  // The hogs keep all cores busy: there is none to go to.
  test('give their core up when others want all there are', async () => {
    const before = threadCores();
    const hogs = before.flatMap(() => [
      spawn(process.execPath, ['-e', 'for (;;);']),
      spawn(process.execPath, ['-e', 'for (;;);']),
    ]);
    const core = new OwnCore(thread);
    try {
      await core.take();
      expect(threadCores()).toHaveLength(1);
      const until = performance.now() + 60_000;
      while (threadCores().length === 1 && performance.now() < until) {
        await core.look([]);
        await sleep(100);
      }
      expect(threadCores()).toEqual(before);
    } finally {
      for (const hog of hogs) hog.kill('SIGKILL');
      await core.leave([]);
    }
  });
});

test('the system tells what computed, and on which core', () => {
  const before = busyMs(process.pid)!;
  const until = performance.now() + 100;
  while (performance.now() < until);
  expect(busyMs(process.pid)! - before).toBeGreaterThanOrEqual(50);
  expect(busyMs(2 ** 30)).toBeNull();
  expect([...coreTimes().keys()]).toEqual(expect.arrayContaining([...coresOf('self')]));
  expect(coresOf('no such process')).toEqual([]);
});
