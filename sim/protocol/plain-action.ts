/**
 * The quick way for actions that are right: what this accepts, the schema accepts, and makes the
 * same of. Whatever it does not accept goes the slow way, which knows what to say.
 */
import type { ProgramAction, ProgramWrite } from './actions.ts';
import type { Json } from './json.ts';

type Group = Readonly<Record<string, unknown>>;

const MS_MAX = 100_000_000;
const NAME_MAX = 100;
const REASON_MAX = 1_000;
const OUTCOMES: readonly unknown[] = ['ok', 'redirect', 'rejected', 'unknown'];
const ROLES: readonly unknown[] = ['follower', 'candidate', 'leader'];

type Response = ProgramAction & { readonly kind: 'respond' };
type Claim = ProgramAction & { readonly kind: 'claim' };

/** How what nobody looks into gets into the action: as it is, or as a copy. */
export type Carry = (value: unknown) => Json;

export const asItIs: Carry = (value) => value as Json;

/**
 * A new object, with the defaults filled in; null when it is not certainly right. Throws what
 * `carry` throws.
 */
export function plainAction(action: unknown, carry: Carry): ProgramAction | null {
  if (!isGroup(action)) return null;
  switch (action['kind']) {
    case 'send':
      return plainSend(action, carry);
    case 'setTimer':
      return plainTimer(action);
    case 'cancelTimer': {
      const { name } = action;
      return hasOnly(action, 2, 'name') && isName(name) ? { kind: 'cancelTimer', name } : null;
    }
    case 'persist':
      return plainPersist(action, carry);
    case 'apply':
      return plainApply(action);
    case 'respond':
      return plainResponse(action);
    case 'claim': {
      const { role, term } = action;
      if (!hasOnly(action, 3, 'role', 'term') || !isCount(term)) return null;
      return isRole(role) ? { kind: 'claim', role, term } : null;
    }
    case 'takeSnapshot': {
      const { index } = action;
      return hasOnly(action, 2, 'index') && isCount(index) ? { kind: 'takeSnapshot', index } : null;
    }
    case 'restore': {
      const { index, ref } = action;
      if (!hasOnly(action, 3, 'index', 'ref') || !isCount(index)) return null;
      return typeof ref === 'string' ? { kind: 'restore', index, ref } : null;
    }
    case 'halt': {
      const { reason } = action;
      if (!hasOnly(action, 2, 'reason') || typeof reason !== 'string') return null;
      return reason.length <= REASON_MAX ? { kind: 'halt', reason } : null;
    }
    case 'note':
      return hasOnly(action, 2, 'note') ? { kind: 'note', note: carry(action['note']) } : null;
    default:
      return null;
  }
}

function plainSend(action: Group, carry: Carry): ProgramAction | null {
  const { to, body, about } = action;
  const hasAbout = 'about' in action;
  if (!hasAll(action, hasAbout ? 4 : 3, 'to', 'body') || !isServer(to)) return null;
  if (!hasAbout) return { kind: 'send', to, body: carry(body) };
  return { kind: 'send', to, body: carry(body), about: carry(about) };
}

function plainTimer(action: Group): ProgramAction | null {
  const { name, minMs, maxMs } = action;
  const hasMax = 'maxMs' in action;
  if (!hasAll(action, hasMax ? 4 : 3, 'name', 'minMs')) return null;
  if (!isName(name) || !isMs(minMs)) return null;
  if (!hasMax) return { kind: 'setTimer', name, minMs };
  return isMs(maxMs) && maxMs >= minMs ? { kind: 'setTimer', name, minMs, maxMs } : null;
}

function plainPersist(action: Group, carry: Carry): ProgramAction | null {
  const { id } = action;
  const count = 3 + ('stream' in action ? 1 : 0) + ('after' in action ? 1 : 0);
  if (!hasAll(action, count, 'id', 'write')) return null;
  const stream = 'stream' in action ? action['stream'] : 'main';
  const after = 'after' in action ? action['after'] : 0;
  if (!isPlace(id) || !isName(stream) || !isCount(after)) return null;
  const write: unknown = carry(action['write']);
  return isWrite(write) ? { kind: 'persist', id, stream, after, write } : null;
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
  const hasValue = 'value' in action;
  const hasHint = 'hint' in action;
  const count = 3 + (hasValue ? 1 : 0) + (hasHint ? 1 : 0);
  if (!hasAll(action, count, 'id', 'outcome')) return null;
  if (typeof id !== 'string' || !isOutcome(outcome)) return null;
  if (hasValue && value !== null && typeof value !== 'string') return null;
  if (hasHint && hint !== null && !isServer(hint)) return null;
  const response: Response = { kind: 'respond', id, outcome };
  if (hasValue) response.value = value as string | null;
  if (hasHint) response.hint = hint as string | null;
  return response;
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

function isOutcome(value: unknown): value is Response['outcome'] {
  return OUTCOMES.includes(value);
}

function isRole(value: unknown): value is Claim['role'] {
  return ROLES.includes(value);
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
