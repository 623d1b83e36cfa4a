/** Where a command prints: results on stdout, everything else on stderr. */

import { Chalk, type ChalkInstance, type ColorSupportLevel } from 'chalk';
import { ExitCode } from './exit-code.ts';
import { reasonOf } from './writable.ts';

export interface Terminal {
  readonly isJson: boolean;
  readonly isVerbose: boolean;
  /** Colours for stdout. */
  readonly colours: ChalkInstance;
  /** A line on stdout; silent with --json. */
  print(line: string): void;
  /** The one value that --json prints; silent without. */
  printJson(value: unknown): void;
  /** A line on stderr. */
  warn(line: string): void;
}

export interface TerminalOptions {
  readonly json: boolean;
  readonly verbose: boolean;
  /** --color or --no-color; null when neither was given. */
  readonly color: boolean | null;
}

export function openTerminal({ json, verbose, color }: TerminalOptions): Terminal {
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`Cannot print the report: ${reasonOf(error)}.\n`);
    process.exit(ExitCode.bench);
  });
  return {
    isJson: json,
    isVerbose: verbose,
    colours: new Chalk({ level: colourLevel(color, process.env, process.stdout.isTTY) }),
    print: (line) => {
      if (!json) process.stdout.write(`${line}\n`);
    },
    printJson: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    warn: (line) => {
      process.stderr.write(`${line}\n`);
    },
  };
}

/** The flag first, then FORCE_COLOR, then NO_COLOR, then whether somebody is looking. */
export function colourLevel(
  flag: boolean | null,
  environment: Readonly<Record<string, string | undefined>>,
  isTty: boolean,
): ColorSupportLevel {
  if (flag !== null) return flag ? 1 : 0;
  const force = environment['FORCE_COLOR'];
  if (force !== undefined) return forcedLevel(force);
  if ((environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb') return 0;
  if (environment['GITHUB_ACTIONS'] === 'true') return 1;
  return isTty ? 1 : 0;
}

function forcedLevel(force: string): ColorSupportLevel {
  if (force === '0' || force === 'false') return 0;
  if (force === '2' || force === '3') return force === '2' ? 2 : 3;
  return 1;
}
