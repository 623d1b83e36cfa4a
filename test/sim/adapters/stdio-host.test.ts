import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { systemUserOf } from '../../../cli/system-user.ts';
import { stdioCommand } from '../../../sim/adapters/stdio-command.ts';
import { deathSentence } from '../../../sim/adapters/stdio-death.ts';
import {
  DEFAULT_STDIO_OPTIONS,
  StdioHost,
  type StdioOptions,
} from '../../../sim/adapters/stdio-host.ts';
import type { ProgramAction } from '../../../sim/protocol/actions.ts';
import type { ProgramEvent } from '../../../sim/protocol/events.ts';
import { ProgramFailure } from '../../../sim/protocol/program.ts';
import { START } from './start-event.ts';

const FOLDER = new URL('./programs/', import.meta.url).pathname;
const TIMER: ProgramEvent = { kind: 'timer', now: 1, name: 'a' };

const hosts: StdioHost[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.close();
});

function open(mood: string, options: Partial<StdioOptions> = {}): StdioHost {
  const command = stdioCommand([process.execPath, 'moods.mjs', mood], FOLDER);
  const host = new StdioHost(command, { ...DEFAULT_STDIO_OPTIONS, ...options });
  hosts.push(host);
  return host;
}

function failureOf(act: () => unknown): ProgramFailure {
  try {
    act();
  } catch (error) {
    if (error instanceof ProgramFailure) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}

interface Noted {
  readonly n: number;
  readonly starts: number;
  readonly pid: number;
}

function noted(actions: readonly ProgramAction[]): Noted {
  return (actions[0] as { readonly note: unknown }).note as Noted;
}

describe('a program of another process', () => {
  test('answers events, and every life counts its lines anew', () => {
    const host = open('good');
    expect(host.ready.name).toBe('good');
    const first = host.begin();
    expect(noted(first.answer(START))).toMatchObject({ n: 2, starts: 1 });
    expect(noted(first.answer(TIMER))).toMatchObject({ n: 3, starts: 1 });
    first.end();
    expect(noted(host.begin().answer(START))).toMatchObject({ n: 2, starts: 2 });
  });

  test('may be told ahead of its turn, and owes one answer for it', () => {
    const host = open('good');
    const first = host.begin();
    const { pid } = noted(first.answer(START));
    first.foretell?.(TIMER);
    expect(noted(first.answer(TIMER))).toMatchObject({ n: 3, pid });
    expect(noted(first.answer({ ...TIMER }))).toMatchObject({ n: 4, pid });
    first.foretell?.(TIMER);
    // The run is over before its turn comes: what it still says is for nobody.
    first.end();
    const second = noted(host.begin().answer(START));
    expect(second).toMatchObject({ n: 2, starts: 1 });
    expect(second.pid).not.toBe(pid);
  });

  test('gets a process for each life when it is asked for', () => {
    const host = open('good', { lives: 'process' });
    const first = host.begin();
    const { pid } = noted(first.answer(START));
    first.end();
    const second = noted(host.begin().answer(START));
    expect(second.starts).toBe(1);
    expect(second.pid).not.toBe(pid);
  });

  test('is dead when the host is closed', async () => {
    const host = open('good');
    const { pid } = noted(host.begin().answer(START));
    host.close();
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test('may end lines as on Windows, and write long ones', () => {
    expect(open('windows').begin().answer(START)).toEqual([]);
    const [action] = open('long').begin().answer(START);
    expect(action).toEqual({ kind: 'note', note: 'ä'.repeat(200_000) });
  });
});

test.each([
  ['exits', 'CRASH', 'exited with 3 on its event 2 (start)'],
  [
    'throws',
    'CRASH',
    "exited with 1 on its event 2 (start): TypeError: Cannot read properties of null (reading 'field') moods.mjs:24",
  ],
  ['killed', 'CRASH', 'ended by SIGTERM on its event 2 (start)'],
  ['answersError', 'CRASH', 'threw on its event 2 (start): TypeError: no (raft.py:41)'],
  ['cut', 'PROTOCOL', 'line 2: not JSON (Unexpected end of JSON input): {"done":2,"actions":['],
  ['wrongNumber', 'PROTOCOL', 'line 2: field "done" must be 2, as in the event, not 7'],
  [
    'wrongField',
    'PROTOCOL',
    'line 2: action 2 (setTimer): field "minMS" is unknown; did you mean "minMs"?',
  ],
  ['many', 'LIMIT', 'answered its event 2 (start) with 10,001 actions; the limit is 10,000'],
] as const)('%s: %s', (mood, kind, message) => {
  const failure = failureOf(() => open(mood).begin().answer(START));
  expect(failure).toMatchObject({ kind, message });
});

test('the last twenty lines of log go with a failure', () => {
  const { log } = failureOf(() => open('wrongField').begin().answer(START));
  expect(log).toEqual(Array.from({ length: 20 }, (_, i) => `log ${i + 11}`));
});

test('a version that the bench does not speak is refused', () => {
  const failure = failureOf(() => open('otherVersion'));
  expect(failure.message).toBe(
    'answer to the greeting: this program speaks version 3, this bench 1',
  );
});

test('who gives no answer is asked about flushing, and after the third time not asked again', () => {
  const host = open('silent', { patience: { eventMs: 200, helloMs: 10_000 } });
  const silence = 'no answer to its event 2 (start). If it did answer, stdout was not flushed';
  for (let i = 0; i < 3; i += 1) {
    expect(failureOf(() => host.begin().answer(START))).toMatchObject({
      kind: 'HANG',
      message: silence,
    });
  }
  expect(failureOf(() => host.begin()).message).toBe(
    'gave no answer 3 times; it is not asked again',
  );
});

test.runIf(process.platform === 'linux')('who computes without end is asked about loops', () => {
  const host = open('spins', { patience: { eventMs: 700, helloMs: 10_000 } });
  expect(failureOf(() => host.begin().answer(START))).toMatchObject({
    kind: 'HANG',
    message:
      'no answer to its event 2 (start); it was busy all the time. Does a loop there never end, or ' +
      'wait without sleeping? Time stands still while it runs',
  });
});

test.each([
  [
    'SIGABRT: abort\nPC=0x1\n\ngoroutine 8 [running]:\n\t/usr/local/go/src/sync/mutex.go:46\n\t/x/raft1/raft.go:55 +0x28\n\t/x/bench/clock.go:53',
    'raft.go:55',
  ],
  [
    'Fatal Python error: Aborted\n\nCurrent thread 0x1 (most recent call first):\n  File "/x/log.py", line 7 in append\n  File "/x/raft.py", line 12 in timer\n  File "/x/whitewater.py", line 80 in run',
    'log.py:7',
  ],
])('the place is that of the innermost own frame', (stderr, place) => {
  const death = { code: null, signal: 'SIGABRT', because: 'silence', stderr } as const;
  const { sentence } = deathSentence({ ...death, wasBusy: true }, 'event 9 (timer wake)');
  expect(sentence).toContain(`busy all the time, last at ${place}. Does a loop`);
  expect(deathSentence({ ...death, wasBusy: null }, 'event 9').sentence).toBe(
    `no answer to event 9; it was at ${place}. If it did answer, stdout was not flushed`,
  );
});

test('real time may be limited as a whole', () => {
  const host = open('silent');
  host.limit(100);
  const failure = failureOf(() => host.begin().answer(START));
  expect(failure).toMatchObject({
    kind: 'LIMIT',
    message: 'took all of its real time, and had not answered its event 2 (start)',
  });
});

describe('a program that means harm', () => {
  const PATIENCE = { eventMs: 300, helloMs: 10_000 };

  test('gets by when it complains without end, and is cut short when it never ends a line', () => {
    expect(open('complains').begin().answer(START)).toEqual([]);
    expect(failureOf(() => open('tooLong').begin().answer(START))).toMatchObject({
      kind: 'LIMIT',
      message: 'wrote too much: a line of more than 16 MiB in answer to its event 2 (start)',
    });
    const silent = open('noEnd', { patience: { ...PATIENCE, eventMs: 600 } });
    expect(failureOf(() => silent.begin().answer(START))).toMatchObject({
      kind: 'HANG',
      message:
        'no answer to its event 2 (start); what it wrote has no end of line: {"done":2,"actions":[]}',
    });
  });

  test.each([
    ['chatters', 'stdout'],
    ['shouts', 'stderr'],
  ])('is cut short when it logs without end: %s', (mood, where) => {
    expect(failureOf(() => open(mood).begin().answer(START))).toMatchObject({
      kind: 'LIMIT',
      message: `wrote too much: more than 4 MiB of log to ${where}, and no answer to its event 2 (start) yet`,
    });
  });

  test('sees nothing of the environment of the bench', () => {
    process.env['WW_SECRET'] = 'the-secret';
    const [note] = open('environment').begin().answer(START) as readonly { note: object }[];
    delete process.env['WW_SECRET'];
    expect(Object.keys(note!.note).sort()).toEqual([
      'GOMAXPROCS',
      'HOME',
      'LANG',
      'PATH',
      'PYTHONDONTWRITEBYTECODE',
      'PYTHONFAULTHANDLER',
      'PYTHONHASHSEED',
      'PYTHONUNBUFFERED',
      'TZ',
    ]);
  });

  test('has crashed when it kills itself', () => {
    const { kind, message } = failureOf(() => open('kills').begin().answer(START));
    expect({ kind, message }).toEqual({
      kind: 'CRASH',
      message: 'ended by SIGKILL on its event 2 (start)',
    });
  });

  test('gains nothing by answers to events that it has not seen', () => {
    const program = open('ahead').begin();
    program.answer(START);
    expect(failureOf(() => program.answer(TIMER))).toMatchObject({
      kind: 'PROTOCOL',
      message: 'line 3: field "done" must be 3, as in the event, not 4',
    });
  });

  test.runIf(process.platform === 'linux')('leaves no child behind', async () => {
    const host = open('leaves');
    const [note] = host.begin().answer(START) as readonly { note: unknown }[];
    const pid = note!.note as number;
    expect(isAlive(pid)).toBe(true);
    host.close();
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test.runIf(process.platform === 'linux').each(['hides', 'hidesAndFloods'])(
    'is over when it ends, though a child holds its pipes: %s',
    (mood) => {
      const { kind } = failureOf(() => open(mood).begin().answer(START));
      expect(kind).toBe('CRASH');
    },
  );
});

test('another user is who runs it, where root starts it', () => {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) {
    expect(() => systemUserOf('nobody')).toThrow('only root starts programs as others');
    return;
  }
  const user = systemUserOf('nobody')!;
  const script =
    'read line; touch "$HOME/mine" && mine=yes; ' +
    'echo "{\\"ready\\":1,\\"name\\":\\"$(id -u) $(id -G) $mine\\",\\"capabilities\\":{}}"; read line';
  const host = new StdioHost(stdioCommand(['sh', '-c', script], '/', {}, user));
  hosts.push(host);
  expect(host.ready.name).toBe(`${user.uid} ${user.gid} yes`);
});

test('what cannot be started is said', () => {
  const failure = failureOf(() => new StdioHost(stdioCommand(['./missing'], FOLDER)));
  expect(failure.message).toBe(
    'could not be started: there is no program "./missing" on this machine',
  );
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Dead, and nobody has asked yet how it ended.
    return !existsSync('/proc') || !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
