/** What the servers replicate. The host owns it: Raft itself never looks into a command. */
import type { Command, LogIndex } from './messages.ts';
import { type Operation, parse, parseCached, writtenValue } from './operation.ts';
import { type SessionRecord, Sessions } from './sessions.ts';

/** Deterministic: the same entries in the same order give the same results and contents. */
export interface StateMachine {
  /**
   * Applies the committed command at `index` and returns its result, null for none. `wallClock` is
   * what the leader has written into the entry, ms; 0 where time is not logged.
   */
  apply(command: Command, index: LogIndex, wallClock: number): string | null;
  /** The result of a read as of now, without applying anything. */
  query(command: Command): string | null;
  /** All of it, also what `contents` does not show, as text that `restore` understands. */
  snapshot(): string;
  /** Becomes what `snapshot` was taken of. */
  restore(data: string): void;
  /** All [key, value] pairs, sorted by key in code unit order. */
  contents(): readonly (readonly [string, string])[];
}

/** What `snapshot` writes, as JSON: keys sorted, sessions in the order of their ids. */
interface SnapshotText {
  /** Logged time, ms. */
  readonly clock: number;
  /** [key, value, when it expires by logged time; 0 for never] */
  readonly keys: [string, string, number][];
  readonly sessions: SessionRecord[];
}

/**
 * Keys with string values, and the sessions of the clients that use them.
 *
 * - "put KEY VALUE" returns null; "get KEY" the value, or null where there is none.
 * - "cas KEY EXPECTED NEW" writes NEW where the value is EXPECTED, and returns "swapped"; where it is
 *   another one "found VALUE", and where there is none "missing".
 * - "range FROM TO" returns the pairs with FROM <= key <= TO, sorted, as a JSON list of lists.
 * - "putttl KEY MS VALUE" is a put that ends when the logged clock has gone on by MS; returns null.
 * - "register" opens a session and returns its id. A command of a session is carried out once.
 *
 * A key has no spaces, nor has EXPECTED. Any other command changes nothing and returns null.
 */
export class KeyValueStore implements StateMachine {
  /** Key → the operation that wrote it: the value is cut out of it only when somebody asks. */
  readonly #writes = new Map<string, Operation>();
  /** When keys expire, by logged time, ms; those that do not expire are not in it. */
  readonly #expiries = new Map<string, number>();
  readonly #sessions: Sessions;
  /**
   * The highest wall clock of the entries so far. A server's own clock would let keys and sessions
   * end at one index on this server and at another on that.
   */
  #clock = 0;
  /** No key expires before this. */
  #nextExpiryMs = Number.POSITIVE_INFINITY;
  readonly #carryOutCommand = (command: Command): string | null =>
    this.#carryOut(parseCached(command));

  /** A session that was not used for so long, by logged time, is forgotten; 0: none ever is. */
  constructor(sessionExpiryMs = 0) {
    this.#sessions = new Sessions(sessionExpiryMs);
  }

  apply(command: Command, index: LogIndex, wallClock: number): string | null {
    if (wallClock > this.#clock) this.#advanceClock(wallClock);
    const { session } = command;
    if (session !== undefined) {
      return this.#sessions.applyOnce(command, session, this.#clock, this.#carryOutCommand);
    }
    const operation = parseCached(command);
    if (operation.kind === 'register') return this.#sessions.register(index, this.#clock);
    return this.#carryOut(operation);
  }

  query(command: Command): string | null {
    const operation = parseCached(command);
    return operation.kind === 'get' || operation.kind === 'range'
      ? this.#carryOut(operation)
      : null;
  }

  snapshot(): string {
    const keys = this.contents().map(([key, value]): [string, string, number] => {
      return [key, value, this.#expiries.get(key) ?? 0];
    });
    const text: SnapshotText = { clock: this.#clock, keys, sessions: this.#sessions.records() };
    return JSON.stringify(text);
  }

  restore(data: string): void {
    const { clock, keys, sessions } = JSON.parse(data) as SnapshotText;
    this.#clock = clock;
    this.#writes.clear();
    this.#expiries.clear();
    this.#nextExpiryMs = Number.POSITIVE_INFINITY;
    for (const [key, value, expiresMs] of keys) {
      this.#write(key, parse({ clientId: 0, seq: 0, op: `put ${key} ${value}` }));
      if (expiresMs !== 0) this.#expireAt(key, expiresMs);
    }
    this.#sessions.restore(sessions);
  }

  contents(): readonly (readonly [string, string])[] {
    const pairs = [...this.#writes].map(([key, write]) => [key, writtenValue(write)] as const);
    return pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  #carryOut(operation: Operation): string | null {
    const { kind, key } = operation;
    switch (kind) {
      case 'put':
        this.#write(key, operation);
        return null;
      case 'get': {
        const write = this.#writes.get(key);
        return write === undefined ? null : writtenValue(write);
      }
      case 'cas':
        return this.#compareAndSwap(operation);
      case 'range':
        return this.#range(key, operation.operand);
      case 'putttl':
        this.#write(key, operation);
        this.#expireAt(key, this.#clock + operation.lifetimeMs);
        return null;
      default:
        return null;
    }
  }

  /** On failure the client learns what is there, and may try again with that. */
  #compareAndSwap(operation: Operation): string {
    const write = this.#writes.get(operation.key);
    if (write === undefined) return 'missing';
    const value = writtenValue(write);
    if (value !== operation.operand) return `found ${value}`;
    this.#write(operation.key, operation);
    return 'swapped';
  }

  #range(from: string, to: string): string {
    return JSON.stringify(this.contents().filter(([key]) => from <= key && key <= to));
  }

  /** A value lasts for good unless its own write says otherwise. */
  #write(key: string, operation: Operation): void {
    this.#writes.set(key, operation);
    if (this.#expiries.size > 0) this.#expiries.delete(key);
  }

  #expireAt(key: string, expiresMs: number): void {
    this.#expiries.set(key, expiresMs);
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiresMs);
  }

  /** Time goes on: what has come to its end goes at once, so that all that is held is alive. */
  #advanceClock(wallClock: number): void {
    this.#clock = wallClock;
    this.#sessions.expire(wallClock);
    if (wallClock < this.#nextExpiryMs) return;
    this.#nextExpiryMs = Number.POSITIVE_INFINITY;
    for (const [key, expiresMs] of this.#expiries) {
      if (expiresMs <= wallClock) {
        this.#writes.delete(key);
        this.#expiries.delete(key);
      } else {
        this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiresMs);
      }
    }
  }
}
