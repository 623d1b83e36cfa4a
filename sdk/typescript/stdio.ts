/**
 * A program in TypeScript or JavaScript as a process on the bench: reads events from stdin, answers
 * on stdout, ends at end of input. Reads block: nothing happens between two events.
 */
import { readSync, writeSync } from 'node:fs';
import type { ProgramAction } from '../../sim/protocol/actions.ts';
import type { Ready } from '../../sim/protocol/capabilities.ts';
import type { ProgramEvent } from '../../sim/protocol/events.ts';

/** One life of one server. */
export interface Life {
  answer(event: ProgramEvent): readonly ProgramAction[];
}

export interface Served {
  readonly ready: Ready;
  /** Makes a server with empty memory; its first event is `start`. */
  begin(): Life;
}

type Line = ProgramEvent & { readonly n: number };

/** Returns at end of input. What the program prints with console.log goes to stderr. */
export function serve(served: Served): void {
  console.log = console.error;
  console.info = console.error;
  console.debug = console.error;
  let life: Life | null = null;
  for (const text of linesOf(0)) {
    const event = JSON.parse(text) as Line | { readonly kind: 'hello'; readonly n: number };
    if (event.kind === 'hello') {
      writeLine(served.ready);
      continue;
    }
    try {
      if (event.kind === 'start') life = served.begin();
      const { n, ...bare } = event;
      writeLine({ done: n, actions: life!.answer(bare as ProgramEvent) });
    } catch (error) {
      writeLine({ done: event.n, error: errorWords(error) });
    }
  }
}

function* linesOf(fd: number): Generator<string> {
  const chunk = Buffer.allocUnsafe(64 * 1024);
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    const count = readSync(fd, chunk, 0, chunk.length, null);
    if (count === 0) return;
    let from = 0;
    for (;;) {
      const end = chunk.subarray(0, count).indexOf(10, from);
      if (end < 0) break;
      const piece = chunk.subarray(from, end);
      yield (rest.length === 0 ? piece : Buffer.concat([rest, piece])).toString('utf8');
      rest = Buffer.alloc(0);
      from = end + 1;
    }
    rest = Buffer.concat([rest, chunk.subarray(from, count)]);
  }
}

function writeLine(value: unknown): void {
  const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
  for (let done = 0; done < bytes.length; ) done += writeSync(1, bytes, done);
}

/** "TypeError: x is not a function (raft.ts:41)" */
function errorWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const frame = /([^\s(/]+:\d+):\d+\)?$/m.exec(error.stack ?? '')?.[1];
  return frame === undefined
    ? `${error.name}: ${error.message}`
    : `${error.name}: ${error.message} (${frame})`;
}
