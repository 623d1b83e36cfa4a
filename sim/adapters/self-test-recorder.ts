/** What the self-test of an adapter notes of a run. */
import type { NodeId } from '../../core/messages.ts';
import { writeOfProgram } from '../kernel/opaque.ts';
import type { ProgramWrite } from '../protocol/actions.ts';
import type { DurableStream } from '../protocol/events.ts';
import type { Json } from '../protocol/json.ts';
import { canonical } from '../trace/canonical.ts';
import { FactRecords } from '../trace/fact-records.ts';
import type { ActionRecord, TraceRecord, WorldRecord } from '../trace/format.ts';
import { show } from '../usage-error.ts';

/** As a server is told of it when it starts. */
interface Stream {
  readonly values: Record<string, Json>;
  firstIndex: number;
  entries: Json[];
}

type Disk = Readonly<Record<string, DurableStream>>;

const EMPTY: DurableStream = { values: {}, firstIndex: 1, entries: [] };

export class SelfTestRecorder extends FactRecords {
  messages = 0;
  /** Commands that servers have applied, and that clients have got an answer to. */
  appliedCommands = 0;
  answered = 0;
  /** A sentence about the first message that was changed on its way, and the first op; else null. */
  changedBody: string | null = null;
  strangeOp: string | null = null;
  private readonly bodies = new Map<number, string>();
  private readonly ops = new Set<string>();
  /** By server: what its first life has written. */
  private readonly disks: Record<string, Stream>[] = [{}, {}, {}, {}];
  private readonly hasCrashed: boolean[] = [];

  /** How a disk differs from what the first life of the server has written: a sentence, or null. */
  differenceFrom(node: NodeId, told: Disk): string | null {
    const disk = this.disks[node]!;
    for (const name of [...Object.keys(disk), ...Object.keys(told)]) {
      const [had, has] = [disk[name], told[name]].map((one) => one ?? EMPTY);
      if (textOf(had) === textOf(has)) continue;
      const written = `${had!.entries.length} entries from ${had!.firstIndex}`;
      const back = `${has!.entries.length} entries from ${has!.firstIndex}`;
      const values = [had, has].map((one) => show(textOf(one!.values)));
      return `n${node} had ${written} and ${values[0]} in "${name}", and was told of ${back} and ${values[1]}.`;
    }
    return null;
  }

  protected override take(record: TraceRecord): void {
    if (!('i' in record)) {
      this.watch(record);
      return;
    }
    if (record.k === 'delivered') this.compare(record.messageId, textOf(record.body));
    for (const item of record.actions) {
      if ('t' in item) this.watch(item);
      else this.note(record.n, item);
    }
  }

  private watch(record: WorldRecord): void {
    if (record.k === 'invoked') this.ops.add(record.op);
    if (record.k === 'returned' && record.outcome === 'ok') this.answered += 1;
    if (record.k === 'crashed') this.hasCrashed[record.n] = true;
  }

  private compare(messageId: number, arrived: string): void {
    const sent = this.bodies.get(messageId);
    if (sent === arrived || this.changedBody !== null) return;
    this.changedBody = `Message ${messageId} left as ${sent} and arrived as ${arrived}.`;
  }

  private note(node: NodeId, action: ActionRecord): void {
    switch (action.k) {
      case 'sent':
        this.messages += 1;
        this.bodies.set(action.messageId, textOf(action.body));
        return;
      case 'applied': {
        this.appliedCommands += 1;
        const op = action.entry.command?.op ?? '';
        if (!this.ops.has(op)) this.strangeOp ??= `n${node} has applied ${show(op)}.`;
        return;
      }
      case 'persistIssued':
        if (!this.hasCrashed[node]) this.write(node, action.stream, writeOfProgram(action.write));
    }
  }

  /** Naively, on purpose: nothing of the disk that it is held against is used here. */
  private write(node: NodeId, name: string, write: ProgramWrite): void {
    const disk = this.disks[node]!;
    disk[name] ??= { values: {}, firstIndex: 1, entries: [] };
    const stream = disk[name];
    const at = (index: number) => index - stream.firstIndex;
    if ('put' in write) Object.assign(stream.values, write.put);
    if ('append' in write) stream.entries = [...stream.entries, ...write.append];
    if ('truncateFrom' in write) stream.entries = stream.entries.slice(0, at(write.truncateFrom));
    if ('overwrite' in write) {
      const { index, entries } = write.overwrite;
      stream.entries.splice(at(index), entries.length, ...entries);
    }
    if ('compactTo' in write && write.compactTo >= stream.firstIndex) {
      stream.entries = stream.entries.slice(at(write.compactTo + 1));
      stream.firstIndex = write.compactTo + 1;
    }
  }
}

/** Equal for equal values, whatever the order of their keys. */
function textOf(value: unknown): string {
  return JSON.stringify(canonical(value));
}
