/**
 * Every command that was ever seen, by number: 1, 2, … in the order of invocation; 0 stands for a
 * no-op. A command that nobody invoked gets a number, too, so that logs that hold it can be told
 * apart. Payloads of entries are these numbers; of a configuration, `~number` of that.
 *
 * What is over and done with is forgotten. Numbers are never used again.
 */
import type { Command, Entry, LogIndex, NodeId } from '../../core/messages.ts';
import { CommandNames } from './command-names.ts';
import type { Configurations } from './configurations.ts';
import type { LogId } from './log-ledger.ts';
import type { Renumbering } from './renumbering.ts';

/** Where a command comes from. */
export const Origin = { nobody: 0, client: 1, image: 2 } as const;
/** What its client was told. */
export const Told = { nothing: 0, ok: 1, fail: 2, info: 3 } as const;

/** Everything known about one command; one record per command, never per event. */
export interface CommandRecord {
  readonly clientId: number;
  readonly seq: number;
  readonly op: string;
  /** The object that servers were handed, so that it is known again at a glance. */
  handed: Command | null;
  origin: number;
  readOnly: boolean;
  readonly invokedUs: number;
  /** Of a read: it must not miss what the log has through here. */
  freshFrom: LogIndex;
  /** Infinity until its client was told ok. */
  acknowledgedUs: number;
  told: number;
  /** What its client was told with an ok. */
  value: string | null;
  /** Its session, and what its client had answers to, as servers were told; 0 for none. */
  session: number;
  answeredBelow: number;
  /** Where it is committed first; 0 for nowhere. */
  committedAt: LogIndex;
  /** It stands in the committed log more than once, as a command of a session may. */
  isRepeated: boolean;
  /** What the committed log gives as the answer; undefined until it was carried out. */
  answer: string | null | undefined;
  /** A read that is answered without the log took place at this index; 0 for none. */
  readAt: LogIndex;
  /** Of a read, where reads without the log happen: what others have been told before, by key. */
  floors: readonly (readonly [string, LogIndex])[];
  /** Where somebody has applied it first; 0 for nowhere. */
  appliedAt: LogIndex;
  /** The entry that holds it, when it was created last; 0 for none. */
  entry: LogId;
  /** Entries that must never be committed: their creators have refused the command. */
  refusedEntries: readonly LogId[];
  /** Bit per server that has refused an attempt. */
  refusedBy: number;
  /** The server that the last redirect named; 0 for none. */
  redirectedTo: NodeId;
  /** The server, and its life, that the newest attempt was handed to; 0 for nobody yet. */
  attemptNode: NodeId;
  attemptBoot: number;
}

export class Commands {
  /** By number - first. */
  private readonly records: CommandRecord[] = [newRecord(-1, 0, '', Origin.image, false, 0)];
  /** Of numbers below this one, only the records in `kept` are left. */
  private first = 0;
  private readonly kept = new Map<number, CommandRecord>();
  /** Numbers below this one were there when something was forgotten last. */
  private aged = 0;
  private readonly names = new CommandNames();
  /** Those that differ from what was invoked under their name, or were never invoked. */
  private readonly others = new Map<string, number>();
  private readonly configurations: Configurations;

  constructor(configurations: Configurations) {
    this.configurations = configurations;
  }

  record(payload: number): CommandRecord {
    const place = payload - this.first;
    return place >= 0 ? this.records[place]! : this.kept.get(payload)!;
  }

  /** All that is known and not forgotten, in the order of invocation. */
  *all(): IterableIterator<CommandRecord> {
    yield* [...this.kept].sort(([a], [b]) => a - b).map(([, record]) => record);
    for (const [place, record] of this.records.entries()) if (this.first + place > 0) yield record;
  }

  /** Clients hand this command to a server. Returns its number. */
  noteAsked(command: Command): number {
    const named = this.find(command.clientId, command.seq);
    if (named !== 0 && this.record(named).attemptNode === 0) {
      const record = this.record(named);
      record.session = command.session ?? 0;
      record.answeredBelow = command.answeredBelow ?? command.seq;
    }
    const payload = this.payloadOf(command);
    this.record(payload).handed = command;
    return payload;
  }

  /** Is this the very object with this number, as handed? False may mean a copy. */
  isVery(payload: number, command: Command): boolean {
    return payload > 0 && this.record(payload).handed === command;
  }

  /** What an entry holds, as a number. */
  payloadOfEntry({ command, configuration }: Entry): number {
    if (command === null && configuration !== undefined) {
      return ~this.configurations.numberOf(configuration);
    }
    return this.payloadOf(command);
  }

  /** The number of a command. */
  payloadOf(command: Command | null): number {
    if (command === null) return 0;
    const payload = this.find(command.clientId, command.seq);
    if (payload !== 0) {
      const { op, session } = this.record(payload);
      if (op === command.op && session === (command.session ?? 0)) return payload;
    }
    return this.other(command);
  }

  /** A client calls. Returns the number of the command. */
  invoke(clientId: number, seq: number, op: string, readOnly: boolean, atUs: number): number {
    return this.add({ clientId, seq, op }, Origin.client, readOnly, atUs);
  }

  /** An entry that an initial image holds. */
  prepare(entry: Entry): number {
    const { command } = entry;
    if (command === null) return this.payloadOfEntry(entry);
    if (this.find(command.clientId, command.seq) === 0) {
      return this.add(command, Origin.image, false, 0);
    }
    const payload = this.payloadOf(command);
    this.record(payload).origin = Origin.image;
    return payload;
  }

  /** The number of a command by its name, or 0. */
  find(clientId: number, seq: number): number {
    return this.names.find(clientId, seq);
  }

  /**
   * The ledger of logs has forgotten its beginning, through `floor`. A command whose client has an
   * answer, or has given up, goes; young ones are not looked at.
   * `needed` are those that stay.
   */
  forget(renumbering: Renumbering, floor: LogIndex, needed: ReadonlySet<number>): void {
    const isOver = (payload: number, record: CommandRecord): boolean =>
      (record.told === Told.ok || record.told === Told.info) &&
      record.committedAt <= floor &&
      !needed.has(payload);
    for (const [payload, record] of this.kept) {
      if (isOver(payload, record)) this.forgetOne(payload, record);
    }
    for (let payload = Math.max(1, this.first); payload < this.aged; payload += 1) {
      const record = this.record(payload);
      if (isOver(payload, record)) this.forgetOne(payload, record);
      else this.keep(payload, record);
    }
    this.records.splice(0, this.aged - this.first);
    this.first = this.aged;
    this.aged = this.first + this.records.length;
    this.names.trim(this.first);
    for (const record of this.kept.values()) renumberEntries(record, renumbering);
    for (const record of this.records) renumberEntries(record, renumbering);
  }

  /** "put x 1 of client 2", for people. */
  describe(payload: number): string {
    if (payload === 0) return 'a no-op';
    if (payload < 0) return `the configuration ${this.configurations.describe(~payload)}`;
    const record: CommandRecord | undefined = this.record(payload);
    if (record === undefined) return 'a command that is long over';
    const { op, clientId, seq } = record;
    return `"${op}" (client ${clientId}, seq ${seq})`;
  }

  private add(command: Command, origin: number, readOnly: boolean, atUs: number): number {
    const { clientId, seq, op } = command;
    const payload = this.push(newRecord(clientId, seq, op, origin, readOnly, atUs));
    this.names.add(clientId, seq, payload);
    return payload;
  }

  private keep(payload: number, record: CommandRecord): void {
    const { clientId, seq } = record;
    this.kept.set(payload, record);
    if (this.find(clientId, seq) === payload) this.names.keep(clientId, seq, payload);
  }

  private forgetOne(payload: number, record: CommandRecord): void {
    const { clientId, seq, committedAt, readOnly } = record;
    this.kept.delete(payload);
    if (this.find(clientId, seq) !== payload) return;
    this.names.forget(clientId, seq, committedAt !== 0, readOnly);
  }

  private other(command: Command): number {
    const name = `${command.clientId}/${command.seq}/${command.session ?? 0}/${command.op}`;
    const known = this.others.get(name);
    if (known !== undefined) return known;
    const { clientId, seq, op } = command;
    const isLate = this.names.forgotten.has(clientId, seq) && this.find(clientId, seq) === 0;
    const record = newRecord(clientId, seq, op, Origin.nobody, false, 0);
    record.session = command.session ?? 0;
    record.answeredBelow = command.answeredBelow ?? seq;
    const payload = this.push(isLate ? this.remembered(record) : record);
    if (isLate) this.names.keep(clientId, seq, payload);
    else this.others.set(name, payload);
    return payload;
  }

  /** A copy of a request that is long over comes late: as much as is still known of it. */
  private remembered(record: CommandRecord): CommandRecord {
    const { clientId, seq } = record;
    record.origin = Origin.client;
    record.readOnly = this.names.forgotten.wasRead(clientId, seq);
    record.told = Told.ok;
    record.attemptNode = 1;
    record.attemptBoot = -1;
    record.committedAt = this.names.forgotten.wasCommitted(clientId, seq) ? 1 : 0;
    return record;
  }

  private push(record: CommandRecord): number {
    return this.first + this.records.push(record) - 1;
  }
}

function renumberEntries(record: CommandRecord, renumbering: Renumbering): void {
  record.entry = renumbering.of(record.entry);
  if (record.refusedEntries.length === 0) return;
  record.refusedEntries = record.refusedEntries
    .map((id) => renumbering.of(id))
    .filter((id) => id !== 0);
}

/** Shared by all commands but reads without the log. */
const NO_FLOORS: readonly (readonly [string, LogIndex])[] = [];
/** Shared by all commands that nobody has refused after making an entry of them. */
const NO_ENTRIES: readonly LogId[] = [];

function newRecord(
  clientId: number,
  seq: number,
  op: string,
  origin: number,
  readOnly: boolean,
  invokedUs: number,
): CommandRecord {
  return {
    clientId,
    seq,
    op,
    handed: null,
    origin,
    readOnly,
    invokedUs,
    freshFrom: 0,
    acknowledgedUs: Number.POSITIVE_INFINITY,
    told: Told.nothing,
    value: null,
    session: 0,
    answeredBelow: 0,
    committedAt: 0,
    isRepeated: false,
    answer: undefined,
    readAt: 0,
    floors: NO_FLOORS,
    appliedAt: 0,
    entry: 0,
    refusedEntries: NO_ENTRIES,
    refusedBy: 0,
    redirectedTo: 0,
    attemptNode: 0,
    attemptBoot: 0,
  };
}
