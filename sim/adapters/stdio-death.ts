/** What the end of a process says about the program, in one sentence for its author. */
import type { FailureKind } from '../protocol/program.ts';
import type { Death } from './stdio-link.ts';

export function deathSentence(
  { code, signal, because, stderr }: Death,
  what: string,
): { readonly kind: FailureKind; readonly sentence: string } {
  if (because === 'limit') {
    return { kind: 'LIMIT', sentence: `took all of its real time, and had not answered ${what}` };
  }
  if (because === 'silence') {
    const sentence = `no answer to ${what}. If it did answer, is stdout flushed?`;
    return { kind: 'HANG', sentence };
  }
  const last = lastWords(stderr);
  const why = last === '' ? '' : `: ${last}`;
  if (code === null && signal === null) {
    return { kind: 'CRASH', sentence: `closed its stdout on ${what}${why}` };
  }
  const how = signal === null ? `exited with ${code}` : `ended by ${signal}`;
  return { kind: 'CRASH', sentence: `${how} on ${what}${why}` };
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
  for (const frame of FRAMES) {
    const places = [...stderr.matchAll(frame)].filter(([, file]) => !isForeign(file!));
    // Python prints the innermost frame last, the others first.
    const place = frame === FRAMES[0] ? places.at(-1) : places[0];
    if (place === undefined) continue;
    const file = place[1]!.split('/').at(-1)!;
    return `${sentence} ${file}:${place[2]}`;
  }
  return sentence;
}

function isForeign(file: string): boolean {
  return /^<|\/lib\/|node:|node_modules|\/go\/src\/|whitewater\.(py|go|ts|js)$/.test(file);
}
