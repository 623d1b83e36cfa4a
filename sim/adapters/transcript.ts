/**
 * Transcripts that any program must be able to follow, as text: what is written to it, what has to
 * come back. They are the test vectors that kits of all languages share.
 */
export type TranscriptStep =
  /** Is written as it stands. */
  | { readonly do: 'write'; readonly line: Readonly<Record<string, unknown>> }
  /** These fields, with these values, are in the answer. */
  | { readonly do: 'expect'; readonly fields: Readonly<Record<string, unknown>> }
  /** The timer that is due first runs out; writes are safe afterwards. Nothing without a timer. */
  | { readonly do: 'fire' }
  /** The process is killed; a new one is greeted and started with what is on disk. */
  | { readonly do: 'restart' }
  /** A second start in the same process: all that followed the first one, and the same answers. */
  | { readonly do: 'again' }
  /** stdin is closed; it must end by itself, with code 0. */
  | { readonly do: 'end of input' };

export interface Transcript {
  /** What it tries, one sentence. */
  readonly name: string;
  /** What to do when it fails. */
  readonly advice: string;
  /** Only for programs that declare `reset`. */
  readonly needsReset: boolean;
  readonly steps: readonly TranscriptStep[];
}

const NEEDS_RESET = / \(needs reset\)$/;

export function parseTranscript(text: string): Transcript {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const [title, ...advice] = lines
    .filter((line) => line.startsWith('# '))
    .map((line) => line.slice(2));
  const steps = lines.filter((line) => !line.startsWith('# ')).map(parseStep);
  return {
    name: title!.replace(NEEDS_RESET, ''),
    advice: advice.join(' '),
    needsReset: NEEDS_RESET.test(title!),
    steps,
  };
}

function parseStep(line: string): TranscriptStep {
  if (line.startsWith('→ ')) return { do: 'write', line: JSON.parse(line.slice(2)) };
  if (line.startsWith('← ')) return { do: 'expect', fields: JSON.parse(line.slice(2)) };
  if (line === 'fire' || line === 'restart' || line === 'again' || line === 'end of input') {
    return { do: line };
  }
  throw new Error(`There is no step ${JSON.stringify(line)} in a transcript.`);
}
