/**
 * Holds what a program answers against the protocol, and says what is wrong with it in one sentence
 * for its author: which action, which field, what was probably meant.
 */
import { z } from 'zod';
import { nearestName, show } from '../usage-error.ts';
import { actionSchema, type ProgramAction, writeSchema } from './actions.ts';
import { type Capabilities, capabilitiesSchema, type Ready, readySchema } from './capabilities.ts';
import { asItIs, plainAction } from './plain-action.ts';

/** At most so many actions answer one event. */
export const ACTIONS_MAX = 10_000;

/** Not an answer of this protocol. The message goes behind "line 57: ". */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
}

type Issue = z.core.$ZodIssue;
type Shape = Readonly<Record<string, z.core.$ZodType>>;
type Group = Readonly<Record<string, unknown>>;

const ACTIONS = new Map(
  actionSchema.options.map((option) => [[...option.shape.kind.values][0] as string, option]),
);
const DONE_FIELDS: readonly string[] = ['done', 'actions', 'error'];
const WRITES: readonly string[] = writeSchema.options.flatMap(({ shape }) => Object.keys(shape));

/** With the defaults filled in. Throws an AnswerError. */
export function checkedActions(actions: unknown): ProgramAction[] {
  if (!Array.isArray(actions)) {
    throw new AnswerError(`"actions" must be a list, not ${show(actions)}`);
  }
  return actions.map(
    (action, place) => plainAction(action, asItIs) ?? checkedAction(action, place),
  );
}

/** `place`: in its list, from 0. Throws an AnswerError. */
export function checkedAction(action: unknown, place: number): ProgramAction {
  const number = `action ${place + 1}`;
  if (!isGroup(action)) throw new AnswerError(`${number} must be an object, not ${show(action)}`);
  const { kind } = action;
  const schema = typeof kind === 'string' ? ACTIONS.get(kind) : undefined;
  if (schema === undefined) {
    if (kind === undefined) throw new AnswerError(`${number}: field "kind" is missing`);
    const hint = typeof kind === 'string' ? didYouMean(kind, [...ACTIONS.keys()]) : '';
    throw new AnswerError(`${number}: there is no action ${show(kind)}${hint}`);
  }
  const parsed = schema.safeParse(action);
  const where = `${number} (${kind})`;
  if (!parsed.success) {
    throw new AnswerError(`${where}: ${problemOf(parsed.error.issues, action, schema.shape)}`);
  }
  const { data } = parsed;
  if (data.kind === 'setTimer' && data.maxMs !== undefined && data.maxMs < data.minMs) {
    const { minMs, maxMs } = data;
    throw new AnswerError(`${where}: field "maxMs" is ${maxMs}, less than "minMs", ${minMs}`);
  }
  return data;
}

/** What stands around the actions, which are not looked at yet. Throws an AnswerError. */
export function checkedDone(
  value: unknown,
  n: number,
): { readonly actions: unknown; readonly error: string | undefined } {
  if (!isGroup(value)) throw new AnswerError(`the answer must be an object, not ${show(value)}`);
  const { done, actions, error } = value;
  const unknown = Object.keys(value).find((key) => !DONE_FIELDS.includes(key));
  if (unknown !== undefined) {
    throw new AnswerError(`field "${unknown}" is unknown${didYouMean(unknown, DONE_FIELDS)}`);
  }
  if (done === undefined) throw new AnswerError('field "done" is missing');
  if (done !== n)
    throw new AnswerError(`field "done" must be ${n}, as in the event, not ${show(done)}`);
  if (actions === undefined && error === undefined) {
    throw new AnswerError('field "actions" is missing; an event that needs no action gets []');
  }
  if (error !== undefined && typeof error !== 'string') {
    throw new AnswerError(`field "error" must be a text, not ${show(error)}`);
  }
  if (actions !== undefined && error !== undefined) {
    throw new AnswerError('has both "actions" and "error"');
  }
  return { actions, error };
}

/** With the defaults filled in. Throws an AnswerError. */
export function checkedReady(value: unknown, versions: readonly number[]): Ready {
  if (!isGroup(value)) throw new AnswerError(`must be an object, not ${show(value)}`);
  const { ready, capabilities } = value;
  if (typeof ready === 'number' && !versions.includes(ready)) {
    throw new AnswerError(
      `this program speaks version ${ready}, this bench ${versions.join(', ')}`,
    );
  }
  const parsed = readySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const inner = capabilitiesSchema.safeParse(capabilities ?? {});
  if (!inner.success && isGroup(capabilities)) {
    const { shape } = capabilitiesSchema;
    const problem = problemOf(inner.error.issues, capabilities, shape);
    throw new AnswerError(problem.replace(/^field/, 'capability'));
  }
  throw new AnswerError(problemOf(parsed.error.issues, value, readySchema.shape));
}

/** The first capability in which a later process differs from the first one; null when none does. */
export function otherCapability(first: Capabilities, later: Capabilities): string | null {
  const names = Object.keys(first) as (keyof Capabilities)[];
  return names.find((name) => String(first[name]) !== String(later[name])) ?? null;
}

/** A wrong name says more than what is missing because of it. */
function problemOf(issues: readonly Issue[], value: Group, shape: Shape): string {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  const [field, ...deeper] = issue.path.map(String);
  if (issue.code === 'unrecognized_keys' && field === undefined) {
    const unknown = issue.keys[0]!;
    const unused = Object.keys(shape).filter((name) => !(name in value));
    return `field "${unknown}" is unknown${didYouMean(unknown, unused)}`;
  }
  if (field === undefined) return issue.message;
  if (!(field in value)) return `field "${field}" is missing`;
  if (field === 'write') return writeProblem(value[field]);
  if (issue.code === 'unrecognized_keys') {
    return `field "${[field, ...deeper].join('.')}" has an unknown "${issue.keys[0]}"`;
  }
  const meant =
    typeof value[field] === 'string' ? didYouMean(value[field], choices(shape[field]!)) : '';
  return `field "${field}" must be ${expected(shape[field]!)}, not ${show(value[field])}${meant}`;
}

function writeProblem(write: unknown): string {
  const all = WRITES.join(', ');
  if (!isGroup(write)) return `field "write" must be an object with one of ${all}`;
  const keys = Object.keys(write);
  const unknown = keys.find((key) => !WRITES.includes(key));
  if (unknown !== undefined) {
    return `field "write" has an unknown "${unknown}"${didYouMean(unknown, WRITES)}`;
  }
  if (keys.length !== 1) return `field "write" must have exactly one of ${all}`;
  const [name] = keys as [string];
  const { shape } = writeSchema.options.find((option) => name in option.shape)!;
  const part = (shape as Shape)[name]!;
  return `field "write.${name}" must be ${expected(part)}, not ${show(write[name])}`;
}

/** What a field takes, in words. */
function expected(schema: z.core.$ZodType): string {
  const { type, minimum, maximum, minLength, maxLength, pattern, ...rest } = bare(schema);
  if (pattern !== undefined) return 'a server, "n1" to "n7"';
  if (rest.const !== undefined) return JSON.stringify(rest.const);
  if (rest.enum !== undefined) return `one of ${rest.enum.join(', ')}`;
  switch (type) {
    case 'integer':
      return maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER
        ? `a whole number from ${minimum} on`
        : `a whole number from ${grouped(minimum!)} to ${grouped(maximum)}`;
    case 'string':
      if (maxLength === undefined) return 'a text';
      return `a text of ${minLength ?? 0} to ${grouped(maxLength)} characters`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return Array.isArray(rest.prefixItems) ? 'a pair of whole numbers of 10 to 10,000' : 'a list';
    default:
      return rest.required === undefined
        ? 'an object'
        : `an object with ${rest.required.join(', ')}`;
  }
}

function choices(schema: z.core.$ZodType): readonly string[] {
  return bare(schema).enum?.filter((choice) => typeof choice === 'string') ?? [];
}

interface BareSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly required?: readonly string[];
  readonly prefixItems?: unknown;
  readonly anyOf?: readonly BareSchema[];
}

/** As JSON Schema, without what stands around it for null or a default. */
function bare(schema: z.core.$ZodType): BareSchema {
  const whole = z.toJSONSchema(schema, { io: 'input' }) as BareSchema;
  return whole.anyOf?.find(({ type }) => type !== 'null') ?? whole;
}

function didYouMean(came: string, names: readonly string[]): string {
  const nearest = nearestName(came, names);
  return nearest === null ? '' : `; did you mean "${nearest}"?`;
}

function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
