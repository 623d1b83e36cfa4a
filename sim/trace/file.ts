/**
 * Traces on disk. A run is synchronous, so lines go out in pieces as they come; a compressed trace
 * (`.ndjson.gz`) is a row of gzip members, which every gunzip reads as one.
 */
import { constants } from 'node:buffer';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { UsageError } from '../usage-error.ts';
import type { LineSink } from './recorder.ts';

/** Text is written, and compressed, in pieces of about this many characters. */
const PIECE_CHARACTERS = 1 << 20;

export interface TraceFile {
  readonly write: LineSink;
  /** Writes what is left. */
  close(): void;
}

/** Opens a trace for writing and replaces what is there. A UsageError when that cannot be done. */
export function createTraceFile(path: string): TraceFile {
  const isCompressed = path.endsWith('.gz');
  const file = attempt(`Cannot write the trace ${path}`, () => openSync(path, 'w'));
  let piece: string[] = [];
  let characters = 0;
  const flush = (): void => {
    if (piece.length === 0) return;
    const bytes = Buffer.from(piece.join(''), 'utf8');
    const written = isCompressed ? gzipSync(bytes) : bytes;
    attempt(`Cannot write the trace ${path}`, () => writeAll(file, written));
    piece = [];
    characters = 0;
  };
  return {
    write: (line) => {
      piece.push(line, '\n');
      characters += line.length + 1;
      if (characters >= PIECE_CHARACTERS) flush();
    },
    close: () => {
      flush();
      closeSync(file);
    },
  };
}

/** The text of a trace, compressed or not, whatever its name. */
export function readTraceText(path: string): string {
  const bytes = attempt(`Cannot read the trace ${path}`, () => readFileSync(path));
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = isCompressed ? decompressed(path, bytes) : bytes;
  if (text.length > constants.MAX_STRING_LENGTH) {
    throw new UsageError(`${path} is too large: a trace is read into memory as a whole.`);
  }
  return text.toString('utf8');
}

function decompressed(path: string, bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch {
    throw new UsageError(`${path} is cut off or damaged: it does not decompress.`);
  }
}

function writeAll(file: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

function attempt<T>(failure: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new UsageError(`${failure}: ${reasonOf(error)}.`);
  }
}

/** In words for what users meet often. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file or folder';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
      return 'permission denied';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
