/** What the disk of a program holds: streams, each a set of values and one list of entries. */
import type { DurableImage, Write } from '../../core/contract.ts';
import type { ProgramWrite } from '../protocol/actions.ts';
import type { DurableStream } from '../protocol/events.ts';
import type { Json } from '../protocol/json.ts';
import type { DiskContent } from './disk-content.ts';
import { type OpaqueImage, opaqueImage, writeOfProgram } from './opaque.ts';

interface HeldStream {
  readonly name: string;
  readonly values: Map<string, Json>;
  firstIndex: number;
  entries: Json[];
}

export class OpaqueContent implements DiskContent {
  private readonly streams: HeldStream[] = [];

  prepare(): void {
    throw new Error('A disk of a program has no initial image: only the program knows its form.');
  }

  image(): DurableImage | null {
    if (this.streams.length === 0) return null;
    const image: Record<string, DurableStream> = {};
    for (const { name, values, firstIndex, entries } of this.streams) {
      setOwn(image, name, { values: ownRecord(values), firstIndex, entries: entries.slice() });
    }
    return opaqueImage(image satisfies OpaqueImage);
  }

  carryOut(write: Write, stream: string, kept: number): void {
    carryOutOn(this.streamOf(stream), writeOfProgram(write), kept);
  }

  private streamOf(name: string): HeldStream {
    for (const stream of this.streams) if (stream.name === name) return stream;
    const stream: HeldStream = { name, values: new Map(), firstIndex: 1, entries: [] };
    this.streams.push(stream);
    return stream;
  }
}

function carryOutOn(stream: HeldStream, write: ProgramWrite, kept: number): void {
  if ('put' in write) {
    for (const key of Object.keys(write.put)) stream.values.set(key, write.put[key] as Json);
  } else if ('append' in write) {
    const count = kept < 0 ? write.append.length : kept;
    for (let i = 0; i < count; i += 1) stream.entries.push(write.append[i] as Json);
  } else if ('truncateFrom' in write) {
    const length = Math.max(0, write.truncateFrom - stream.firstIndex);
    stream.entries.length = Math.min(stream.entries.length, length);
  } else if ('overwrite' in write) {
    overwrite(stream, write.overwrite.index - stream.firstIndex, write.overwrite.entries as Json[]);
  } else compactTo(stream, write.compactTo);
}

/** Entries for places before the list are not there any more; the list gets no holes. */
function overwrite({ entries }: HeldStream, place: number, written: readonly Json[]): void {
  const start = Math.min(place, entries.length);
  for (let i = Math.max(0, -start); i < written.length; i += 1) entries[start + i] = written[i]!;
}

function compactTo(stream: HeldStream, index: number): void {
  const gone = index + 1 - stream.firstIndex;
  if (!(gone > 0)) return;
  stream.entries = stream.entries.slice(gone);
  stream.firstIndex = index + 1;
}

function ownRecord(values: ReadonlyMap<string, Json>): Record<string, Json> {
  const record: Record<string, Json> = {};
  for (const [key, value] of values) setOwn(record, key, value);
  return record;
}

/** A key may be `__proto__`. */
function setOwn<T>(record: Record<string, T>, key: string, value: T): void {
  if (key !== '__proto__') record[key] = value;
  else Object.defineProperty(record, key, { value, enumerable: true, configurable: true });
}
