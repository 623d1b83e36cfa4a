/** What the servers replicate. The host owns it: Raft itself never looks into a command. */
import type { Command, LogIndex } from './messages.ts';

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

/**
 * Keys with string values: "put KEY VALUE" returns null, "get KEY" returns the value or null. A key
 * has no spaces, a value may have. Any other command changes nothing and returns null.
 */
export class KeyValueStore implements StateMachine {
  /** Key → the put that wrote it: the value is cut out of it only when somebody asks. */
  readonly #puts = new Map<string, Operation>();

  apply(command: Command): string | null {
    const operation = parseCached(command);
    if (operation.kind === 'put') {
      this.#puts.set(operation.key, operation);
      return null;
    }
    const put = operation.kind === 'get' ? this.#puts.get(operation.key) : undefined;
    return put === undefined ? null : readValue(put);
  }

  query(command: Command): string | null {
    const { kind, key } = parseCached(command);
    const put = kind === 'get' ? this.#puts.get(key) : undefined;
    return put === undefined ? null : readValue(put);
  }

  snapshot(): string {
    return JSON.stringify(this.contents());
  }

  restore(data: string): void {
    this.#puts.clear();
    for (const [key, value] of JSON.parse(data) as [string, string][]) {
      const command = { clientId: 0, seq: 0, op: `put ${key} ${value}` };
      this.#puts.set(key, parse(command));
    }
  }

  contents(): readonly (readonly [string, string])[] {
    const pairs = [...this.#puts].map(([key, put]) => [key, readValue(put)] as const);
    return pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }
}

interface Operation {
  readonly command: Command | null;
  readonly kind: 'put' | 'get' | 'none';
  readonly key: string;
  /** Where the value of a put begins in the op. */
  readonly valueStart: number;
}

const none: Operation = { command: null, kind: 'none', key: '', valueStart: 0 };

/**
 * Every server applies the same command at about the same time: the last parsed operations, by the
 * command they belong to. Only saves time; what is found is checked to be this very command.
 */
const parsed: Operation[] = new Array(8192).fill(none);

function parseCached(command: Command): Operation {
  const place = (32 * command.seq + command.clientId) & 8191;
  const cached = parsed[place]!;
  if (cached.command === command) return cached;
  const operation = parse(command);
  parsed[place] = operation;
  return operation;
}

function parse(command: Command): Operation {
  const { op } = command;
  const keyEnd = op.indexOf(' ', 4);
  if (op.startsWith('put ') && keyEnd >= 0) {
    return { command, kind: 'put', key: keyIn(op, 4, keyEnd), valueStart: keyEnd + 1 };
  }
  if (op.startsWith('get ')) {
    return { command, kind: 'get', key: keyIn(op, 4, op.length), valueStart: 0 };
  }
  return { command, kind: 'none', key: '', valueStart: 0 };
}

/** Keys met before, by a hash of their letters; a newer one may take the place of an older one. */
const keys: string[] = new Array(1024).fill('');

/** The key at op[start … end): equal keys as one string, so that maps compare no letters. */
function keyIn(op: string, start: number, end: number): string {
  let place = 0;
  for (let i = start; i < end; i += 1) place = (31 * place + op.charCodeAt(i)) & 1023;
  const known = keys[place]!;
  if (known.length === end - start && op.startsWith(known, start)) return known;
  const key = op.slice(start, end);
  keys[place] = key;
  return key;
}

function readValue(put: Operation): string {
  return put.command === null ? '' : put.command.op.slice(put.valueStart);
}
