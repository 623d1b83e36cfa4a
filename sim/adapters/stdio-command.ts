/** How the command of a submission is started: with what environment, and from which files. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { StdioCommand, SystemUser } from './stdio-link.ts';

/**
 * The command starts in an empty folder: its words that name files of `folder` become whole paths.
 * `own` is what the submission adds to the environment, `user` as whom it runs.
 */
export function stdioCommand(
  argv: readonly [string, ...string[]],
  folder: string,
  own: Readonly<Record<string, string>> = {},
  user: SystemUser | null = null,
): StdioCommand {
  const [program, ...words] = argv;
  const whole = (word: string): string => {
    const path = resolve(folder, word);
    return existsSync(path) ? path : word;
  };
  // A program without a slash is looked for in PATH, as a shell would.
  const first = program.includes('/') ? whole(program) : program;
  return { argv: [first, ...words.map(whole)], environment: { ...environment(), ...own }, user };
}

/** The same on every machine; HOME is the empty folder. */
function environment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    // Says where it was when it is ended for its silence.
    PYTHONFAULTHANDLER: '1',
    PYTHONHASHSEED: '0',
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    GOMAXPROCS: '1',
  };
}
