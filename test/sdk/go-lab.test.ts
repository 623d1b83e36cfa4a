import { spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_HOLD, firstRuns } from './first-runs.ts';
import { build, copyOfSdk, hasGo, labRun, removeCopies, withHost } from './go-programs.ts';

/** With edits, the library is built too. */
const BUILD_MS = 600_000;
const BUILD = ['go', 'run', './overlay', '-o', 'raft', '.'];
afterAll(removeCopies);

describe.runIf(hasGo)('Raft with goroutines, in the shape of the MIT labs', () => {
  let folder = '';
  beforeAll(() => {
    folder = join(copyOfSdk(), 'lab');
    expect(build(folder, BUILD)).toMatch(
      /^Built for replay with go1\.\S+: same seed, same run\.\n$/,
    );
  }, BUILD_MS);

  test(
    'is formatted, and free of what vet finds',
    () => {
      expect(build(folder, ['gofmt', '-l', '.'])).toBe('');
      build(folder, ['go', 'vet', './raft1', './labrpc', './labgob', './tester1', './whitewater']);
    },
    BUILD_MS,
  );

  test('holds in the first runs of tests of all the labs', () => {
    expect(withHost(folder, firstRuns)).toEqual(ALL_HOLD);
  }, 180_000);

  test('does the same in every run, also on a busy machine', () => {
    const busy = spawn(process.execPath, ['-e', 'for (;;) {}'], { stdio: 'ignore' });
    try {
      const digests = Array.from({ length: 10 }, () =>
        withHost(folder, (host) => labRun(host, 'A4').digest),
      );
      expect(new Set(digests).size).toBe(1);
    } finally {
      busy.kill('SIGKILL');
    }
  }, 180_000);

  test('does something else with another seed', () => {
    const digests = withHost(folder, (host) => ['1', '2'].map((s) => labRun(host, 'A4', s).digest));
    expect(new Set(digests).size).toBe(2);
  });

  test(
    'is found out when a reply leaves before what it promises is saved',
    () => {
      const mutant = join(copyOfSdk(), 'lab');
      cpSync(join(folder, '.whitewater'), join(mutant, '.whitewater'), { recursive: true });
      const file = join(mutant, 'raft1/election.go');
      const text = readFileSync(file, 'utf8');
      const late = 'go func() { rf.mu.Lock(); rf.persist(); rf.mu.Unlock() }() //';
      expect(text.split('rf.persist() // before')).toHaveLength(2);
      writeFileSync(file, text.replace('rf.persist() // before', `${late} before`));
      build(mutant, BUILD);
      const whys = withHost(mutant, (host) => [1, 2, 3].map((s) => labRun(host, 'C8', `${s}`).why));
      expect(whys.some((why) => why !== null)).toBe(true);
    },
    BUILD_MS,
  );

  test(
    'runs where an edit does not fit the release, and says that it is not replayable',
    () => {
      const other = join(copyOfSdk(), 'lab');
      const file = join(other, 'overlay/edits.json');
      const edits = JSON.parse(readFileSync(file, 'utf8')) as { find: string }[];
      edits[2]!.find = 'no such line';
      writeFileSync(file, JSON.stringify(edits));
      expect(build(other, BUILD)).toMatch(
        /^Recorded, not replayable with go1\.\S+: edit 3 matches 0 times in runtime\/rand\.go\.\n$/,
      );
      withHost(other, (host) => {
        expect(host.ready.name).toMatch(/\(recorded, not replayable: go1\.\S+\)$/);
        expect(labRun(host, 'A1').why).toBeNull();
      });
    },
    BUILD_MS,
  );
});

describe.runIf(hasGo)('the starter in the shape of the labs', () => {
  test(
    'fails the first test, for a reason',
    () => {
      const folder = join(copyOfSdk(), 'lab');
      cpSync(join(folder, 'starter/raft1/raft.go'), join(folder, 'raft1/raft.go'));
      for (const name of ['election', 'log', 'replication', 'snapshot']) {
        writeFileSync(join(folder, `raft1/${name}.go`), 'package raft\n');
      }
      build(folder, BUILD);
      const { why } = withHost(folder, (host) => labRun(host, 'A1'));
      expect(why).toEqual({ kind: 'silent' });
    },
    BUILD_MS,
  );
});
