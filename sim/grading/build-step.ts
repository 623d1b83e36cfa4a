/** The build of a submission: one command, without a shell, with a time limit. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SubmissionError } from '../adapters/submission-error.ts';
import { plainText } from './plain-text.ts';

export interface BuildOptions {
  readonly limitMs: number;
  /** What the build prints. */
  readonly onPrint: (text: string) => void;
}

const OUTPUT_MAX = 1_000_000;

/** Throws a SubmissionError with the first error of the build. */
export function build(
  argv: readonly string[],
  folder: string,
  { limitMs, onPrint }: BuildOptions,
): Promise<void> {
  const [program, ...words] = argv;
  const local = resolve(folder, program!);
  const command = program!.includes('/') && existsSync(local) ? local : program!;
  return new Promise((done, fail) => {
    const child = spawn(command, words, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    const take = (chunk: Buffer): void => {
      if (output.length < OUTPUT_MAX) output += chunk.toString('utf8');
      onPrint(chunk.toString('utf8'));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      kill(child);
    }, limitMs);
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const why = error.code === 'ENOENT' ? 'there is no such program' : error.message;
      fail(new SubmissionError(`The build does not start: ${program}: ${why}.`));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      kill(child);
      if (code === 0) return done();
      const how = isLate
        ? `takes longer than ${Math.round(limitMs / 1_000)} s`
        : `fails (${signal ?? `exit code ${code}`})`;
      fail(new SubmissionError(`The build ${how}: ${firstError(output)}`));
    });
  });
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
