/** The build of a submission: one command, without a shell, with a time limit. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { SystemUser } from '../adapters/stdio-link.ts';
import { SubmissionError } from '../adapters/submission-error.ts';
import { buildEnvironment } from './build-environment.ts';
import { plainText } from './plain-text.ts';

export interface BuildOptions {
  readonly limitMs: number;
  /** As whom; null: as the bench runs. */
  readonly user: SystemUser | null;
  /** Aborted: nobody wants it any longer. */
  readonly signal: AbortSignal | null;
  /** What the build prints. */
  readonly onPrint: (text: string) => void;
}

const OUTPUT_MAX = 1_000_000;
/** So long what it wrote before it ended may take to arrive. */
const CLOSE_MS = 1_000;

/** Throws a SubmissionError with the first error of the build. */
export function build(
  argv: readonly string[],
  folder: string,
  { limitMs, user, signal, onPrint }: BuildOptions,
): Promise<void> {
  const [program, ...words] = argv;
  const local = resolve(folder, program!);
  const command = program!.includes('/') && existsSync(local) ? local : program!;
  const home = user === null ? null : homeOf(user);
  return new Promise<void>((done, fail) => {
    const child = spawn(command, words, {
      cwd: folder,
      env: buildEnvironment(home),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...(user !== null && { uid: user.uid, gid: user.gid }),
    });
    let output = '';
    const take = (chunk: Buffer): void => {
      if (output.length >= OUTPUT_MAX) return;
      output += chunk.toString('utf8');
      onPrint(chunk.toString('utf8'));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    let how: string | null = null;
    const end = (why: string): void => {
      how ??= why;
      kill(child);
    };
    const onAbort = (): void => end('was interrupted');
    const timer = setTimeout(() => end(`takes longer than ${secondsOf(limitMs)} s`), limitMs);
    signal?.addEventListener('abort', onAbort);
    const settle = (error: SubmissionError | null): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      // Who has left the group may hold them open for ever.
      child.stdout.destroy();
      child.stderr.destroy();
      if (error === null) done();
      else fail(error);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? 'there is no such program' : error.message;
      settle(new SubmissionError(`The build does not start: ${program}: ${why}.`));
    });
    child.on('exit', (code, name) => {
      kill(child);
      const late = setTimeout(() => child.emit('close'), CLOSE_MS);
      child.once('close', () => {
        clearTimeout(late);
        if (code === 0 && how === null) return settle(null);
        how ??= `fails (${name ?? `exit code ${code}`})`;
        settle(new SubmissionError(`The build ${how}: ${firstError(output)}`));
      });
    });
  }).finally(() => {
    if (home !== null) rmSync(home, { recursive: true, force: true });
  });
}

function secondsOf(ms: number): number {
  return Math.round(ms / 100) / 10;
}

/** For caches of a compiler; it goes with the build. */
function homeOf({ uid, gid }: SystemUser): string {
  const home = mkdtempSync(join(tmpdir(), 'whitewater-build-'));
  chownSync(home, uid, gid);
  return home;
}

/** What a build has left behind goes with it. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}

/** The line of a compiler that says what is wrong, or else the first. */
export function firstError(output: string): string {
  const lines = output
    .split(/\r?\n/)
    .map((line) => plainText(line).trim())
    .filter((line) => line !== '');
  const named = lines.find((line) => /\b(error|Error|SyntaxError|cannot|undefined)\b/.test(line));
  const place = lines.find((line) => /^\S+\.\w+:\d+/.test(line));
  return (place ?? named ?? lines[0] ?? 'it says nothing').slice(0, 300);
}
