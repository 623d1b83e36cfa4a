/**
 * `--run-as`: another user of the system, as whom a submission is built and run. It can neither read
 * what is graded with nor write what comes of it, where the files of who grades are closed to it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import { stdioCommand } from '../sim/adapters/stdio-command.ts';
import type { SystemUser } from '../sim/adapters/stdio-link.ts';
import type { Submission } from '../sim/grading/submission.ts';
import { show, UsageError } from '../sim/usage-error.ts';

/** Throws a UsageError unless programs can be started as this user. */
export function systemUserOf(name: string | null): SystemUser | null {
  if (name === null) return null;
  if (process.getuid?.() !== 0) {
    throw new UsageError(
      'Expected to be started by root: only root starts programs as others (--run-as).',
    );
  }
  const [uid, gid] = [numberOf('-u', name), numberOf('-g', name)];
  if (uid === 0) throw new UsageError('Expected a user without rights, got root (--run-as).');
  return { name, uid, gid };
}

function numberOf(flag: string, name: string): number {
  // A name that begins with a dash is none.
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name)) throw noSuchUser(name);
  try {
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: [...stdio] }));
  } catch {
    throw noSuchUser(name);
  }
}

function noSuchUser(name: string): UsageError {
  return new UsageError(`Expected a user of this system, got ${show(name)} (--run-as).`);
}

/**
 * What would else look like a fault of the submission. Throws a UsageError where the user cannot reach
 * it, or where it could reach the reports.
 */
export function assertReach({ root, manifest }: Submission, user: SystemUser): void {
  const way = relative(root, process.cwd());
  if (!way.startsWith('..')) {
    throw new UsageError(
      'Expected to be started outside of the submission: reports stand in this folder.',
    );
  }
  const refuse = (what: string): never => {
    throw new UsageError(`User ${user.name} cannot ${what} (--run-as).`);
  };
  if (!can(user, 'cd "$1" && ls', root)) refuse(`read ${show(root)}`);
  const { build, run, module } = manifest;
  if (build !== undefined && !can(user, 'test -w "$1"', root)) refuse(`write ${show(root)}`);
  const programs = [build?.[0], run?.[0], module && process.execPath];
  for (const program of programs) {
    if (program === undefined || (program.includes('/') && program !== process.execPath)) continue;
    const look = 'command -v "$1"';
    if (can(null, look, program) && !can(user, look, program)) refuse(`start ${show(program)}`);
  }
}

function can(user: SystemUser | null, script: string, word: string): boolean {
  const { argv, environment } = stdioCommand(['sh', '-c', script, 'sh', word], '/');
  const [program, ...words] = argv;
  const as = user === null ? {} : { uid: user.uid, gid: user.gid };
  const { status } = spawnSync(program, words, {
    env: { ...environment },
    stdio: 'ignore',
    cwd: '/',
    ...as,
  });
  return status === 0;
}
