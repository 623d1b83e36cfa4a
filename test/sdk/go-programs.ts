/** Programs in Go as the tests need them: built with the tool chain that is there. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REFERENCE } from '../../scenarios/implementations.ts';
import { LABS } from '../../scenarios/suites/labs.ts';
import { programImplementation } from '../../sim/adapters/program-implementation.ts';
import { stdioCommand } from '../../sim/adapters/stdio-command.ts';
import {
  DEFAULT_STDIO_OPTIONS,
  StdioHost,
  type StdioOptions,
} from '../../sim/adapters/stdio-host.ts';
import { gradedRun } from '../../sim/grading/graded-run.ts';
import type { RunGrade } from '../../sim/grading/run-grade.ts';

export const hasGo = spawnSync('go', ['version']).status === 0;
if (!hasGo) {
  const line = 'SKIPPED: Go is not installed, so programs in Go are not tried.';
  if (process.env['CI']) throw new Error(line);
  console.warn(line);
}

const SDK = join(import.meta.dirname, '../../sdk/go');
const folders: string[] = [];

/** A copy of sdk/go. */
export function copyOfSdk(): string {
  const folder = mkdtempSync(join(tmpdir(), 'whitewater-go-'));
  folders.push(folder);
  cpSync(SDK, folder, { recursive: true });
  return folder;
}

export function removeCopies(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** What the build prints. */
export function build(folder: string, argv: readonly string[]): string {
  const [command, ...words] = argv;
  const { status, stdout, stderr } = spawnSync(command!, words, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

/** What was built as `raft` in the folder, until the work is done. */
export function withHost<T>(
  folder: string,
  work: (host: StdioHost) => T,
  lives: StdioOptions['lives'] = 'reset',
): T {
  const command = stdioCommand(['./raft'], folder);
  const host = new StdioHost(command, { ...DEFAULT_STDIO_OPTIONS, lives });
  try {
    return work(host);
  } finally {
    host.close();
  }
}

/** One run of a test of the labs. */
export function labRun(host: StdioHost, id: string, seed = `go-${id}`): RunGrade {
  const implementation = programImplementation('go', host, REFERENCE.createStateMachine);
  return gradedRun(LABS.tests.find((one) => one.id === id)!, seed, 0, implementation);
}
