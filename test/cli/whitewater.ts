/** Runs the built command line as a user does. `npm test` builds it first. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const REPOSITORY = join(import.meta.dirname, '../..');
const MAIN = join(REPOSITORY, 'dist/cli/main.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sends a signal as soon as this holds. */
  readonly signal?: { readonly name: NodeJS.Signals; readonly when: () => boolean };
}

export function whitewater(
  args: readonly string[],
  { cwd = REPOSITORY, env = {}, signal }: SpawnOptions = {},
): Promise<Ended> {
  if (!existsSync(MAIN)) throw new Error('There is no dist: `npm test` builds it first.');
  const { FORCE_COLOR: _, NO_COLOR: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...inherited, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const poll = setInterval(() => {
    if (!signal?.when()) return;
    clearInterval(poll);
    child.kill(signal.name);
  }, 50);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(poll);
      resolve({ code, stdout, stderr });
    });
  });
}

/** The same, with --json: the exit code and the value that was printed. */
export async function whitewaterJson<T>(
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<{ code: number | null; value: T; stderr: string }> {
  const { code, stdout, stderr } = await whitewater([...args, '--json'], options);
  return { code, value: JSON.parse(stdout) as T, stderr };
}

/** Runs a line that the program printed for the user to copy. */
export function copied(line: string, options: SpawnOptions = {}): Promise<Ended> {
  const [npx, name, ...args] = line.split(' ');
  if (npx !== 'npx' || name !== 'whitewater') throw new Error(`no replay line: ${line}`);
  return whitewater(args, options);
}

/** A folder of its own for a test file, with these files in it. */
export function folderWith(files: Readonly<Record<string, string>>): {
  readonly path: string;
  readonly remove: () => void;
} {
  const path = mkdtempSync(join(tmpdir(), 'whitewater-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
