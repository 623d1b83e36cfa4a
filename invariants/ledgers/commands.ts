/**
 * Every command that was ever seen, by number: 1, 2, … in the order of invocation; 0 stands for a
 * no-op. A command that nobody invoked gets a number, too, so that logs that hold it can be told
 * apart. Payloads of entries are these numbers; of a configuration, `~number` of that.
 */
import type { Command, Entry, LogIndex, NodeId } from '../../core/messages.ts';
import type { Configurations } from './configurations.ts';
import { IntVector } from './int-vector.ts';
import type { LogId } from './log-ledger.ts';

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
  readonly readOnly: boolean;
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
  /** Clients have small numbers; others are not kept in the table. */
  private static readonly clientMax = 4096;
  private readonly records: CommandRecord[] = [newRecord(-1, 0, '', Origin.image, false, 0)];
  /** By client: the number by seq. */
  private readonly tables: (IntVector | undefined)[] = [];
  /** Those that differ from what was invoked under their name, or were never invoked. */
  private readonly others = new Map<string, number>();
  private readonly configurations: Configurations;

  constructor(configurations: Configurations) {
    this.configurations = configurations;
  }

  /** How many numbers are in use; they start at 1. */
  get count(): number {
    return this.records.length;
  }

  record(payload: number): CommandRecord {
    return this.records[payload]!;
  }

  /** Clients hand this command to a server. Returns its number. */
  noteAsked(command: Command): number {
    const named = this.find(command.clientId, command.seq);
    if (named !== 0 && this.records[named]!.attemptNode === 0) {
      const record = this.records[named]!;
      record.session = command.session ?? 0;
      record.answeredBelow = command.answeredBelow ?? command.seq;
    }
    const payload = this.payloadOf(command);
    this.records[payload]!.handed = command;
    return payload;
  }

  /** Is this the very object with this number, as handed? False may mean a copy. */
  isVery(payload: number, command: Command): boolean {
    return this.records[payload]?.handed === command;
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
    const table = this.tables[command.clientId];
    const payload = table === undefined ? 0 : table.get(command.seq);
    if (payload !== 0) {
      const { op, session } = this.records[payload]!;
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
    this.records[payload]!.origin = Origin.image;
    return payload;
  }

  /** The number of a command by its name, or 0. */
  find(clientId: number, seq: number): number {
    const table = this.tables[clientId];
    return table === undefined ? 0 : table.get(seq);
  }

  /** "put x 1 of client 2", for people. */
  describe(payload: number): string {
    if (payload === 0) return 'a no-op';
    if (payload < 0) return `the configuration ${this.configurations.describe(~payload)}`;
    const { op, clientId, seq } = this.records[payload]!;
    return `"${op}" (client ${clientId}, seq ${seq})`;
  }

  private add(command: Command, origin: number, readOnly: boolean, atUs: number): number {
    const { clientId, seq, op } = command;
    const payload = this.records.length;
    this.records.push(newRecord(clientId, seq, op, origin, readOnly, atUs));
    if (clientId >= 0 && clientId < Commands.clientMax) {
      let table = this.tables[clientId];
      if (table === undefined) {
        while (this.tables.length <= clientId) this.tables.push(undefined);
        table = new IntVector();
        this.tables[clientId] = table;
      }
      if (table.get(seq) === 0) table.set(seq, payload);
    }
    return payload;
  }

  private other(command: Command): number {
    const name = `${command.clientId}/${command.seq}/${command.session ?? 0}/${command.op}`;
    const known = this.others.get(name);
    if (known !== undefined) return known;
    const payload = this.records.length;
    const { clientId, seq, op } = command;
    const record = newRecord(clientId, seq, op, Origin.nobody, false, 0);
    record.session = command.session ?? 0;
    record.answeredBelow = command.answeredBelow ?? seq;
    this.records.push(record);
    this.others.set(name, payload);
    return payload;
  }
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
