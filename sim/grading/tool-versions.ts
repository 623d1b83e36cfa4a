/** Versions of the tool chain that a submission is built and run with, for who makes a grading again. */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { buildEnvironment } from './build-environment.ts';
import type { Submission } from './submission.ts';

/** Programs that are known to print their version, and how they are asked. */
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  go: ['version'],
  zig: ['version'],
  java: ['-version'],
  javac: ['-version'],
};
const KNOWN =
  /^(python[0-9.]*|pypy3?|node|deno|bun|cargo|rustc|g?cc|g\+\+|c\+\+|clang|clang\+\+|make|cmake|dotnet|ghc|cabal|stack|mvn|gradle|ruby|ocaml|dune|swift|kotlinc|scala|npm)$/;
const WAIT_MS = 10_000;

/** By name of the program, for example `{ go: '1.26.8' }`; empty where nothing is known. */
export function toolVersions({ root, manifest }: Submission): Record<string, string> {
  const { build, run, module } = manifest;
  const versions: Record<string, string> = {};
  // A tool chain may be chosen by files of the folder it is called in; servers start elsewhere.
  note(versions, build?.[0], root);
  note(versions, run?.[0], tmpdir());
  if (module !== undefined) versions['node'] = process.versions.node;
  return versions;
}

function note(versions: Record<string, string>, program: string | undefined, cwd: string): void {
  if (program === undefined || versions[program] !== undefined) return;
  const words = QUESTIONS[program] ?? (KNOWN.test(program) ? ['--version'] : null);
  if (words === null) return;
  const env = buildEnvironment(null);
  const asked = spawnSync(program, words, { cwd, env, encoding: 'utf8', timeout: WAIT_MS });
  const said = `${asked.stdout ?? ''}\n${asked.stderr ?? ''}`;
  versions[program] = /[0-9]+\.[0-9]+(\.[0-9]+)?/.exec(said)?.[0] ?? 'unknown';
}
