/** `whitewater conformance`: does a program speak the protocol? Transcripts, and what is wrong. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { playTranscript, type TranscriptResult } from '../../sim/adapters/play-transcript.ts';
import { stdioCommand } from '../../sim/adapters/stdio-command.ts';
import type { StdioCommand, StdioPatience } from '../../sim/adapters/stdio-link.ts';
import { Supervision } from '../../sim/adapters/stdio-supervision.ts';
import { parseTranscript, type Transcript } from '../../sim/adapters/transcript.ts';
import { UsageError } from '../../sim/usage-error.ts';
import { runWithoutFaults } from '../conformance-run.ts';
import { ExitCode } from '../exit-code.ts';
import type { Arguments } from '../options.ts';
import { durationMsOf } from '../parse.ts';
import type { Terminal } from '../terminal.ts';

const EVENT_MS = 5_000;
const HELLO_MS = 30_000;
const RUN_NAME = 'Three servers run for a while, without faults';
const RUN_ADVICE = 'What it answered in this run is not of the protocol; see docs/protocol.md.';

interface Try extends TranscriptResult {
  readonly name: string;
  readonly advice: string;
}

export async function conformanceCommand(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const argv = wordsOf(args.target);
  const eventMs = durationMsOf('--hang-after', args.hangAfter) ?? EVENT_MS;
  const patience = { eventMs, helloMs: Math.max(eventMs, HELLO_MS) };
  const command = stdioCommand(argv, process.cwd());
  const tries = playAll(command, patience);
  const isGood = tries.every(({ problem }) => problem === null);
  const ran = isGood ? runWithoutFaults(command, patience) : null;
  if (ran !== null) tries.push({ name: RUN_NAME, advice: RUN_ADVICE, isSkipped: false, ...ran });
  for (const one of tries) printTry(one, terminal);
  const failed = tries.filter(({ problem }) => problem !== null).length;
  const played = tries.filter(({ isSkipped }) => !isSkipped).length;
  terminal.print(
    failed === 0
      ? `\nAll ${played} hold: this program speaks the protocol.`
      : `\n${failed} of ${played} do not hold. The protocol: docs/protocol.md`,
  );
  if (ran !== null && ran.problem === null) terminal.print(`Its Raft: ${ran.raft}.`);
  terminal.printJson({ tries, failed, raft: ran?.raft ?? null });
  return failed === 0 ? ExitCode.ok : ExitCode.violated;
}

/** Words that begin with a dash would be options of ours: a whole command in quotes is taken apart. */
function wordsOf(typed: Arguments['target']): [string, ...string[]] {
  const given = typed === undefined ? [] : typeof typed === 'string' ? [typed] : [...typed];
  const words = given.length === 1 ? given[0]!.split(/\s+/).filter((word) => word !== '') : given;
  const [program, ...others] = words;
  if (program === undefined)
    throw new UsageError('Expected the command of a program, got nothing.');
  return [program, ...others];
}

function playAll(command: StdioCommand, patience: StdioPatience): Try[] {
  const supervision = new Supervision(command, patience);
  const tries: Try[] = [];
  try {
    for (const transcript of transcripts()) {
      const result = playTranscript(transcript, supervision);
      tries.push({ name: transcript.name, advice: transcript.advice, ...result });
      // Who cannot even start does nothing else right.
      if (tries.length <= 2 && result.problem !== null) break;
    }
  } finally {
    supervision.close();
  }
  return tries;
}

const ORDER = ['handshake', 'start', 'newer-bench', 'restart', 'reset', 'end'];

/** Beside the sources, and one folder above what is built. */
function transcripts(): Transcript[] {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  const place = join(folder, 'sdk', 'transcripts');
  const files = readdirSync(place).map((file) => file.replace(/\.txt$/, ''));
  files.sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return files.map((file) => parseTranscript(readFileSync(join(place, `${file}.txt`), 'utf8')));
}

function printTry({ name, advice, problem, isSkipped, log }: Try, terminal: Terminal): void {
  const { green, red, dim } = terminal.colours;
  if (problem === null) {
    terminal.print(isSkipped ? `- ${name} ${dim('(not declared)')}` : `${green('✓')} ${name}`);
    return;
  }
  terminal.print(`${red('✗')} ${name}\n    ${problem}\n    ${advice}`);
  for (const line of log) terminal.print(dim(`    │ ${plainLine(line)}`));
}

/** What a program prints is shown, and never obeyed. */
function plainLine(line: string): string {
  return line.replace(/\p{Cc}/gu, ' ');
}
