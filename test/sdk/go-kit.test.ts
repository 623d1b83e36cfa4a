import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whitewaterJson } from '../cli/whitewater.ts';
import { ALL_HOLD, firstRuns } from './first-runs.ts';
import { build, copyOfSdk, hasGo, labRun, removeCopies, withHost } from './go-programs.ts';

const BUILD_MS = 300_000;
afterAll(removeCopies);

describe.runIf(hasGo)('Raft in Go', () => {
  let folder = '';
  beforeAll(() => {
    folder = copyOfSdk();
    build(folder, ['go', 'build', '-o', 'raft', '.']);
  }, BUILD_MS);

  test(
    'is formatted, and free of what vet finds',
    () => {
      expect(build(folder, ['gofmt', '-l', '.'])).toBe('');
      build(folder, ['go', 'vet', './...']);
    },
    BUILD_MS,
  );

  test('holds in the first runs of tests of all the labs', () => {
    expect(withHost(folder, firstRuns)).toEqual(ALL_HOLD);
  });

  test('does in one process for many lives what it does in a process for each', () => {
    const [many, one] = (['reset', 'process'] as const).map((lives) =>
      withHost(folder, (host) => labRun(host, 'D5').digest, lives),
    );
    expect(many).toBe(one);
  });

  test('speaks the protocol', async () => {
    const { code, value } = await whitewaterJson(['conformance', join(folder, 'raft')], {});
    expect([code, value]).toMatchObject([0, {}]);
  });

  test('tells where it panicked, and what it had printed before', () => {
    const thrower = `package main

import (
	"fmt"

	"raft/whitewater"
)

type Raft struct{ whitewater.Server }

func (rf *Raft) Start(whitewater.Disk) {
	fmt.Println("begins")
	var none []int
	fmt.Println(none[rf.Boot])
}

func main() {
	whitewater.Run("thrower", whitewater.Capabilities{}, func() whitewater.Node { return &Raft{} })
}
`;
    const starter = join(folder, 'starter');
    writeFileSync(join(starter, 'raft.go'), thrower);
    build(starter, ['go', 'build', '-o', 'raft', '.']);
    withHost(starter, (host) => {
      const { why } = labRun(host, 'A1');
      expect(why).toMatchObject({ kind: 'failed', failure: { kind: 'CRASH' } });
      const { failure } = why as { failure: { message: string; log: readonly string[] } };
      expect(failure.message).toContain('index out of range [0] with length 0 (raft.go:14)');
      expect(failure.log.join('\n')).toContain('begins');
    });
  });
});

describe.runIf(hasGo)('the starter in Go', () => {
  test(
    'fails the first test, for a reason',
    () => {
      const folder = join(copyOfSdk(), 'starter');
      build(folder, ['go', 'build', '-o', 'raft', '.']);
      const { why } = withHost(folder, (host) => labRun(host, 'A1'));
      expect(why).toEqual({ kind: 'silent' });
    },
    BUILD_MS,
  );
});
