/**
 * The quick way for actions that are right, copied as JSON would copy them: what this accepts, the
 * schema accepts, and makes the same of. Whatever it does not accept goes the slow way, which knows
 * what to say.
 */
import type { ProgramAction, ProgramWrite } from './actions.ts';

type Group = Readonly<Record<string, unknown>>;

const MS_MAX = 100_000_000;
const NAME_MAX = 100;
const REASON_MAX = 1_000;
const OUTCOMES: readonly unknown[] = ['ok', 'redirect', 'rejected', 'unknown'];
const ROLES: readonly unknown[] = ['follower', 'candidate', 'leader'];

/** With the defaults filled in; null when it is not certainly right. */
export function plainAction(action: unknown): ProgramAction | null {
  if (!isGroup(action)) return null;
  switch (action['kind']) {
    case 'send':
      return plainSend(action);
    case 'setTimer':
      return plainTimer(action);
    case 'cancelTimer':
      return hasOnly(action, 2, 'name') && isName(action['name']) ? as(action) : null;
    case 'persist':
      return plainPersist(action);
    case 'apply':
      return plainApply(action);
    case 'respond':
      return plainResponse(action);
    case 'claim':
      if (!hasOnly(action, 3, 'role', 'term') || !isCount(action['term'])) return null;
      return ROLES.includes(action['role']) ? as(action) : null;
    case 'takeSnapshot':
      return hasOnly(action, 2, 'index') && isCount(action['index']) ? as(action) : null;
    case 'restore': {
      if (!hasOnly(action, 3, 'index', 'ref') || !isCount(action['index'])) return null;
      return typeof action['ref'] === 'string' ? as(action) : null;
    }
    case 'halt': {
      const { reason } = action;
      if (!hasOnly(action, 2, 'reason') || typeof reason !== 'string') return null;
      return reason.length <= REASON_MAX ? as(action) : null;
    }
    case 'note':
      return hasOnly(action, 2, 'note') ? as(action) : null;
    default:
      return null;
  }
}

function plainSend(action: Group): ProgramAction | null {
  if (!hasAll(action, 'about' in action ? 4 : 3, 'to', 'body')) return null;
  return isServer(action['to']) ? as(action) : null;
}

function plainTimer(action: Group): ProgramAction | null {
  const { name, minMs, maxMs } = action;
  if (!hasAll(action, 'maxMs' in action ? 4 : 3, 'name', 'minMs')) return null;
  if (!isName(name) || !isMs(minMs)) return null;
  if ('maxMs' in action && !(isMs(maxMs) && maxMs >= minMs)) return null;
  return as(action);
}

function plainPersist(action: Group): ProgramAction | null {
  const { id, write } = action;
  const count = 3 + ('stream' in action ? 1 : 0) + ('after' in action ? 1 : 0);
  if (!hasAll(action, count, 'id', 'write')) return null;
  const stream = 'stream' in action ? action['stream'] : 'main';
  const after = 'after' in action ? action['after'] : 0;
  if (!isPlace(id) || !isName(stream) || !isCount(after) || !isWrite(write)) return null;
  return { kind: 'persist', id, stream, after, write };
}

function isWrite(write: unknown): write is ProgramWrite {
  if (!isGroup(write)) return false;
  const keys = Object.keys(write);
  if (keys.length !== 1) return false;
  const value = write[keys[0]!];
  switch (keys[0]) {
    case 'put':
      return isGroup(value);
    case 'append':
      return Array.isArray(value);
    case 'truncateFrom':
    case 'compactTo':
      return isPlace(value);
    case 'overwrite': {
      if (!isGroup(value) || !hasAll(value, 2, 'index', 'entries')) return false;
      const { index, entries } = value;
      return isPlace(index) && Array.isArray(entries);
    }
    default:
      return false;
  }
}

function plainApply(action: Group): ProgramAction | null {
  const { op, index } = action;
  const hasIndex = 'index' in action;
  const count = 2 + (hasIndex ? 1 : 0) + ('skipped' in action ? 1 : 0);
  const skipped = 'skipped' in action ? action['skipped'] : false;
  if (!hasAll(action, count, 'op', 'kind') || typeof op !== 'string') return null;
  if (typeof skipped !== 'boolean') return null;
  if (!hasIndex) return { kind: 'apply', op, skipped };
  return isCount(index) ? { kind: 'apply', op, index, skipped } : null;
}

function plainResponse(action: Group): ProgramAction | null {
  const { id, outcome, value, hint } = action;
  const count = 3 + ('value' in action ? 1 : 0) + ('hint' in action ? 1 : 0);
  if (!hasAll(action, count, 'id', 'outcome')) return null;
  if (typeof id !== 'string' || !OUTCOMES.includes(outcome)) return null;
  if ('value' in action && value !== null && typeof value !== 'string') return null;
  if ('hint' in action && hint !== null && !isServer(hint)) return null;
  return as(action);
}

/** Its form was looked at. */
function as(action: Group): ProgramAction {
  return action as unknown as ProgramAction;
}

/** So many keys in all, these among them. */
function hasAll(group: Group, count: number, first: string, second: string): boolean {
  return first in group && second in group && Object.keys(group).length === count;
}

function hasOnly(group: Group, count: number, ...names: readonly string[]): boolean {
  return Object.keys(group).length === count && names.every((name) => name in group);
}

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isServer(value: unknown): value is string {
  if (typeof value !== 'string' || value.length !== 2 || value.charCodeAt(0) !== 110) return false;
  const digit = value.charCodeAt(1) - 48;
  return digit >= 1 && digit <= 7;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= NAME_MAX;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isPlace(value: unknown): value is number {
  return isCount(value) && value >= 1;
}

function isMs(value: unknown): value is number {
  return isCount(value) && value <= MS_MAX;
}
