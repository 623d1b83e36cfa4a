/** From a submission to the program that is started for each server. */
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ProgramSpec } from '../scenarios/implementations.ts';
import { bundleSubmission } from '../sim/adapters/bundle-submission.ts';
import { stdioCommand } from '../sim/adapters/stdio-command.ts';
import { DEFAULT_STDIO_OPTIONS } from '../sim/adapters/stdio-host.ts';
import type { SystemUser } from '../sim/adapters/stdio-link.ts';
import { SubmissionError } from '../sim/adapters/submission-error.ts';
import { assertAllowed } from '../sim/grading/allowed-packages.ts';
import { build } from '../sim/grading/build-step.ts';
import type { Rubric } from '../sim/grading/rubric.ts';
import type { Submission } from '../sim/grading/submission.ts';
import { submissionHash } from '../sim/grading/submission-hash.ts';
import { show } from '../sim/usage-error.ts';

export interface ProgramOptions {
  readonly deny: Rubric['deny'];
  /** No time-outs: somebody sits at a debugger. */
  readonly isDebugged: boolean;
  /** As whom it is built and run; null: as the bench. */
  readonly user: SystemUser | null;
  readonly buildMs: number;
  /** Ends the build. */
  readonly signal: AbortSignal | null;
  /** Gets what the build prints. */
  readonly onPrint: (text: string) => void;
}

/** Of whoever tries a submission of their own. */
export const TRUSTED: ProgramOptions = {
  deny: { imports: [], dependencies: [] },
  isDebugged: false,
  user: null,
  buildMs: 10 * 60_000,
  signal: null,
  onPrint: () => {},
};

/** Builds it. Throws a SubmissionError when it does not build. */
export async function programOf(
  submission: Submission,
  { deny, isDebugged, user, buildMs, signal, onPrint }: ProgramOptions,
): Promise<ProgramSpec> {
  const { root, manifest } = submission;
  const hash = submissionHash(submission);
  assertAllowed(submission, deny);
  if (manifest.build !== undefined) {
    await build(manifest.build, root, { limitMs: buildMs, user, signal, onPrint });
  }
  const argv = manifest.run ?? (await moduleArgv(submission, deny));
  const command = stdioCommand(argv as [string, ...string[]], root, manifest.env, user);
  const forEver = { eventMs: null, helloMs: null };
  const { patience: usual, hangsMax } = DEFAULT_STDIO_OPTIONS;
  const patience = isDebugged ? forEver : usual;
  return { kind: 'program', id: hash.slice(0, 16), hash, command, patience, hangsMax };
}

async function moduleArgv(
  { root, manifest }: Submission,
  deny: Rubric['deny'],
): Promise<readonly string[]> {
  const entry = resolve(root, manifest.module!);
  if (!existsSync(entry)) throw new SubmissionError(noFile(manifest.module!, 'module'));
  const tampering = Object.keys(manifest.env).find((name) => /^(NODE_|LD_|DYLD_)/.test(name));
  if (tampering !== undefined) {
    throw new SubmissionError(`A module may not set ${tampering} (env of whitewater.yaml).`);
  }
  const rules = { root, deniedImports: deny.imports, deniedPackages: deny.dependencies };
  const code = await bundleSubmission(entry, rules);
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'whitewater-'));
  // For whoever runs it; there is nothing in it that is not the submission's.
  chmodSync(folder, 0o755);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'servers.mjs');
  writeFileSync(file, code);
  return [process.execPath, ...confinedTo(file), '--enable-source-maps', file];
}

/** No other files, no programs, no threads: a seat belt, since it keeps nobody from the network. */
function confinedTo(file: string): readonly string[] {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  const isStable = major > 23 || (major === 22 && minor >= 13) || (major === 23 && minor >= 5);
  const permission = isStable ? '--permission' : '--experimental-permission';
  return [permission, `--allow-fs-read=${file}`, '--disable-warning=ExperimentalWarning'];
}

/** What kept it from starting: a file that is not there, else the first line of what came. */
export function startError(
  submission: Submission,
  message: string,
  log: readonly string[],
): SubmissionError {
  const missing = missingFileWords(submission);
  if (missing !== null) return new SubmissionError(missing);
  const last = log.at(-1);
  const said = last === undefined || message.includes(last) ? '' : ` It said last: ${last}`;
  return new SubmissionError(`It does not start: ${message.replace(/\.$/, '')}.${said}`);
}

const SOURCES = /\.(?:py|[cm]?js|[cm]?ts|rb|pl|php|lua|sh|jar|exs?)$/;

/** Names a word of `run` that must be a file of the folder, and is none; else null. */
export function missingFileWords({ root, manifest }: Submission): string | null {
  const [program, ...words] = manifest.run ?? [];
  const named = words.filter((word) => !word.startsWith('-') && SOURCES.test(word));
  if (program?.includes('/')) named.unshift(program);
  const missing = named.find((word) => !existsSync(resolve(root, word)));
  return missing === undefined ? null : noFile(missing, 'run');
}

function noFile(name: string, field: 'run' | 'module'): string {
  return `There is no file ${show(name)} in the folder of the submission (${field} of whitewater.yaml).`;
}
