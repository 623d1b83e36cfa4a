/** What the end of a process says about the program, in one sentence for its author. */
import { type FailureKind, FLOOD } from '../protocol/program.ts';
import { type Death, LOG_BYTES_MAX } from './stdio-link.ts';

/** `unfinished`: the beginning of what it wrote last, without an end of line. */
export function deathSentence(
  { code, signal, because, wasBusy, stderr }: Death,
  what: string,
  unfinished: string | null = null,
): { readonly kind: FailureKind; readonly sentence: string } {
  if (because === 'limit') {
    return { kind: 'LIMIT', sentence: `took all of its real time, and had not answered ${what}` };
  }
  if (because === 'flood') {
    return { kind: 'LIMIT', sentence: floodSentence('stderr', what) };
  }
  if (because === 'silence') {
    if (unfinished !== null) {
      const wrote = `what it wrote has no end of line: ${unfinished}`;
      return { kind: 'HANG', sentence: `no answer to ${what}; ${wrote}` };
    }
    return { kind: 'HANG', sentence: `no answer to ${what}${silenceWords(wasBusy, stderr)}` };
  }
  const last = lastWords(stderr);
  const why = last === '' ? '' : `: ${last}`;
  if (code === null && signal === null) {
    return { kind: 'CRASH', sentence: `closed its stdout on ${what}${why}` };
  }
  const how = signal === null ? `exited with ${code}` : `ended by ${signal}`;
  return { kind: 'CRASH', sentence: `${how} on ${what}${why}` };
}

/** `where`: to which of its outputs. */
export function floodSentence(where: 'stdout' | 'stderr', what: string): string {
  const limit = `${LOG_BYTES_MAX / 1024 / 1024} MiB`;
  return `${FLOOD}: more than ${limit} of log to ${where}, and no answer to ${what} yet`;
}

/** Why a program could not be started at all, from what the system says. */
export function startWords(error: string): string {
  const missing = /^spawn (.+) ENOENT$/.exec(error)?.[1];
  if (missing === undefined) return error;
  return `there is no program ${JSON.stringify(missing)} on this machine`;
}

/** A loop, or something that waits: the first two questions. */
function silenceWords(wasBusy: boolean | null, stderr: string): string {
  const place = abortedAt(stderr);
  if (wasBusy === true) {
    const where = place === null ? '' : `, last at ${place}`;
    return (
      `; it was busy all the time${where}. Does a loop there never end, or wait without sleeping? ` +
      'Time stands still while it runs'
    );
  }
  const where = place === null ? '' : `; it was at ${place}`;
  return `${where}. If it did answer, stdout was not flushed`;
}

/** What it wrote by itself, without the trace that we have made it print. */
export function ownWords({ because, stderr }: Death): string {
  const begin = because === null ? undefined : ABORTED.exec(stderr)?.index;
  return stderr.slice(0, begin);
}

/** How the traces begin that runtimes print when they are told to abort. */
const ABORTED = /^(?:SIGABRT: abort|Fatal Python error: Aborted)$/m;

/** Innermost place in the author's own files; null where the runtime does not say. */
function abortedAt(stderr: string): string | null {
  const begin = ABORTED.exec(stderr)?.index;
  return begin === undefined ? null : placeIn(stderr.slice(begin));
}

const FRAMES = [/File "([^"]+)", line (\d+)/g, /([\w./-]+\.(?:go|js|mjs|ts|rb|rs)):(\d+)/g];
const WIDTH = 200;

/** The error that a runtime prints as it dies, and the innermost place in the author's own files. */
function lastWords(stderr: string): string {
  const lines = stderr.split(/\r?\n/).filter((line) => line.trim() !== '');
  const named = lines.findLast((line) =>
    /^(panic: |fatal error: |\w*(Error|Exception)\b)/.test(line),
  );
  const sentence = (named ?? lines.at(-1) ?? '').trim().slice(0, WIDTH);
  const place = placeIn(stderr);
  return place === null ? sentence : `${sentence} ${place}`;
}

/** "raft.py:41" */
function placeIn(trace: string): string | null {
  for (const frame of FRAMES) {
    const places = [...trace.matchAll(frame)].filter(([, file]) => !isForeign(file!));
    // Python prints the innermost frame last unless it says otherwise, the others first.
    const isLast = frame === FRAMES[0] && !trace.includes('(most recent call first)');
    const place = isLast ? places.at(-1) : places[0];
    if (place !== undefined) return `${place[1]!.split('/').at(-1)}:${place[2]}`;
  }
  return null;
}

function isForeign(file: string): boolean {
  return /^<|\/lib\/|node:|node_modules|\/go\/src\/|whitewater\.(py|go|ts|js)$|\/bench\/\w+\.go$/.test(
    file,
  );
}
