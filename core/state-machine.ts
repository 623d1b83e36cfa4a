/** What the servers replicate. The host owns it: Raft itself never looks into a command. */
import type { Command } from './messages.ts';

/** Deterministic: the same commands in the same order give the same results and contents. */
export interface StateMachine {
  /** Applies one committed command and returns its result, null for none. */
  apply(command: Command): string | null;
  /** All [key, value] pairs, sorted by key in code unit order. */
  contents(): readonly (readonly [string, string])[];
}

/**
 * Keys with string values: "put KEY VALUE" returns null, "get KEY" returns the value or null. A key
 * has no spaces, a value may have. Any other command changes nothing and returns null.
 */
export class KeyValueStore implements StateMachine {
  readonly #values = new Map<string, string>();

  apply(command: Command): string | null {
    const operation = parseCached(command);
    switch (operation.kind) {
      case 'put':
        this.#values.set(operation.key, operation.value);
        return null;
      case 'get':
        return this.#values.get(operation.key) ?? null;
      case 'none':
        return null;
    }
  }

  contents(): readonly (readonly [string, string])[] {
    return [...this.#values].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }
}

interface Operation {
  readonly op: string;
  readonly kind: 'put' | 'get' | 'none';
  readonly key: string;
  readonly value: string;
}

/**
 * Every server applies the same command at about the same time: the last parsed operations, by the
 * low bits of seq. It holds what parsing gives, so whether it hits changes no result.
 */
const parsed: Operation[] = new Array<Operation>(64).fill(parse(''));

function parseCached(command: Command): Operation {
  const place = (command.seq + 7 * command.clientId) & 63;
  const cached = parsed[place]!;
  if (cached.op === command.op) return cached;
  const operation = parse(command.op);
  parsed[place] = operation;
  return operation;
}

function parse(op: string): Operation {
  const keyStart = op.indexOf(' ') + 1;
  const name = op.slice(0, Math.max(0, keyStart - 1));
  if (name === 'get') return { op, kind: 'get', key: op.slice(keyStart), value: '' };
  const keyEnd = op.indexOf(' ', keyStart);
  if (name !== 'put' || keyEnd < 0) return { op, kind: 'none', key: '', value: '' };
  return { op, kind: 'put', key: op.slice(keyStart, keyEnd), value: op.slice(keyEnd + 1) };
}
