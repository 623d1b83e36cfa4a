/** From a submission to the program that is started for each server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ProgramSpec } from '../scenarios/implementations.ts';
import { bundleSubmission } from '../sim/adapters/bundle-submission.ts';
import { stdioCommand } from '../sim/adapters/stdio-command.ts';
import { DEFAULT_STDIO_OPTIONS } from '../sim/adapters/stdio-host.ts';
import { SubmissionError } from '../sim/adapters/submission-error.ts';
import { build } from '../sim/grading/build-step.ts';
import type { Rubric } from '../sim/grading/rubric.ts';
import type { Submission } from '../sim/grading/submission.ts';
import { submissionHash } from '../sim/grading/submission-hash.ts';

export interface ProgramOptions {
  readonly deny: Rubric['deny'];
  /** No time-outs: somebody sits at a debugger. */
  readonly isDebugged: boolean;
  /** Gets what the build prints. */
  readonly onPrint: (text: string) => void;
}

const BUILD_LIMIT_MS = 10 * 60_000;

/** Builds it. Throws a SubmissionError when it does not build. */
export async function programOf(
  submission: Submission,
  { deny, isDebugged, onPrint }: ProgramOptions,
): Promise<ProgramSpec> {
  const { root, manifest } = submission;
  const hash = submissionHash(submission);
  if (manifest.build !== undefined) {
    await build(manifest.build, root, { limitMs: BUILD_LIMIT_MS, onPrint });
  }
  const argv = manifest.run ?? (await moduleArgv(submission, deny));
  const command = stdioCommand(argv as [string, ...string[]], root, manifest.env);
  const forEver = { eventMs: null, helloMs: null };
  const patience = isDebugged ? forEver : DEFAULT_STDIO_OPTIONS.patience;
  return { kind: 'program', id: hash.slice(0, 16), hash, command, patience };
}

async function moduleArgv(
  { root, manifest }: Submission,
  deny: Rubric['deny'],
): Promise<readonly string[]> {
  const entry = resolve(root, manifest.module!);
  const rules = { root, deniedImports: deny.imports, deniedPackages: deny.dependencies };
  const code = await bundleSubmission(entry, rules);
  const folder = mkdtempSync(join(tmpdir(), 'whitewater-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'servers.mjs');
  writeFileSync(file, code);
  return [process.execPath, '--enable-source-maps', file];
}

/** The first line of what kept it from starting. */
export function startError(message: string, log: readonly string[]): SubmissionError {
  const last = log.at(-1);
  const said = last === undefined || message.includes(last) ? '' : ` It said last: ${last}`;
  return new SubmissionError(`It does not start: ${message.replace(/\.$/, '')}.${said}`);
}
