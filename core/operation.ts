/**
 * What the text of a command asks of the key-value store. A key has no spaces, a value may have.
 *
 *     put KEY VALUE           putttl KEY MS VALUE       get KEY
 *     cas KEY EXPECTED NEW    range FROM TO             register
 *
 * Anything else is of kind `none`.
 */
import type { Command } from './messages.ts';

export interface Operation {
  readonly command: Command | null;
  readonly kind: 'put' | 'get' | 'cas' | 'range' | 'putttl' | 'register' | 'none';
  /** Of a range: FROM. */
  readonly key: string;
  /** EXPECTED, which has no spaces, or TO; else empty. */
  readonly operand: string;
  /** How long a value lasts; 0: for good. */
  readonly lifetimeMs: number;
  /** Where the value that it writes begins in the op; 0 for none. */
  readonly valueStart: number;
  /** That value, once somebody has asked for it. */
  value: string | null;
}

export const none: Operation = {
  command: null,
  kind: 'none',
  key: '',
  operand: '',
  lifetimeMs: 0,
  valueStart: 0,
  value: null,
};

/**
 * Every server applies the same command at about the same time: the last parsed operations, by the
 * command they belong to. Only saves time; what is found is checked to be this very command. Few
 * enough to stay near the processor.
 */
const parsed: Operation[] = new Array(1024).fill(none);

export function parseCached(command: Command): Operation {
  const place = (32 * command.seq + command.clientId) & 1023;
  const cached = parsed[place]!;
  if (cached.command === command) return cached;
  const operation = parse(command);
  parsed[place] = operation;
  return operation;
}

/** The value that an operation writes. */
export function writtenValue(operation: Operation): string {
  const { command, value } = operation;
  if (value !== null || command === null) return value ?? '';
  operation.value = command.op.slice(operation.valueStart);
  return operation.value;
}

export function parse(command: Command): Operation {
  const { op } = command;
  const keyEnd = op.indexOf(' ', 4);
  if (op.startsWith('put ') && keyEnd >= 0) {
    const key = keyIn(op, 4, keyEnd);
    return {
      command,
      kind: 'put',
      key,
      operand: '',
      lifetimeMs: 0,
      valueStart: keyEnd + 1,
      value: null,
    };
  }
  if (op.startsWith('get ')) {
    const key = keyIn(op, 4, op.length);
    return { command, kind: 'get', key, operand: '', lifetimeMs: 0, valueStart: 0, value: null };
  }
  return parseRare(command, op);
}

function parseRare(command: Command, op: string): Operation {
  if (op === 'register') return { ...none, command, kind: 'register' };
  const name = op.slice(0, op.indexOf(' ') + 1);
  const keyEnd = op.indexOf(' ', name.length);
  if (name === '' || keyEnd < 0) return none;
  const key = keyIn(op, name.length, keyEnd);
  if (name === 'range ') {
    return { ...none, command, kind: 'range', key, operand: op.slice(keyEnd + 1) };
  }
  const operandEnd = op.indexOf(' ', keyEnd + 1);
  if (operandEnd < 0) return none;
  const operand = op.slice(keyEnd + 1, operandEnd);
  const valueStart = operandEnd + 1;
  if (name === 'cas ')
    return { command, kind: 'cas', key, operand, lifetimeMs: 0, valueStart, value: null };
  if (name !== 'putttl ' || !/^[1-9][0-9]{0,14}$/.test(operand)) return none;
  return {
    command,
    kind: 'putttl',
    key,
    operand: '',
    lifetimeMs: Number(operand),
    valueStart,
    value: null,
  };
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
