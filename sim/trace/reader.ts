/** Reads traces. Whatever is wrong with one is told in one UsageError sentence. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Plan } from '../kernel/plan.ts';
import { completePlan } from '../load-plan.ts';
import type { PlanFile } from '../plan-schema.ts';
import { capabilitiesSchema } from '../protocol/capabilities.ts';
import { show, UsageError } from '../usage-error.ts';
import { VERSIONS } from '../versions.ts';
import { readTraceText } from './file.ts';
import {
  TRACE_FORMAT,
  type Trace,
  type TraceEnd,
  type TraceHeader,
  type TraceRecord,
} from './format.ts';
import { checkRecord } from './shape.ts';

/** Reads the trace in this file, compressed or not. */
export function readTrace(path: string): Trace {
  return parseTrace(readTraceText(path));
}

/** Reads the text of a trace. */
export function parseTrace(text: string): Trace {
  const lines = text.split('\n');
  const hasLastNewline = lines[lines.length - 1] === '';
  if (hasLastNewline) lines.pop();
  const header = parseHeader(lines[0] ?? '');
  const last = parseJson(lines[lines.length - 1]!);
  if (!isNamed(last, 'end')) throw misplacedEnd(lines, hasLastNewline);
  const hash = createHash('sha256').update(lines[0]!).update('\n');
  const records: TraceRecord[] = [];
  const order = { step: 0, atUs: 0 };
  for (let i = 1; i < lines.length - 1; i += 1) {
    hash.update(lines[i]!).update('\n');
    const record = parseJson(lines[i]!);
    if (record === undefined) throw new UsageError(`Line ${i + 1} of the trace is not JSON.`);
    checkRecord(record, `line ${i + 1}`);
    checkOrder(record as TraceRecord, order, i + 1);
    records.push(record as TraceRecord);
  }
  const end: TraceEnd = parsed(endSchema, last, lines.length);
  return { header, records, end, isIntact: hash.digest('hex') === end.sha256 };
}

const version = z.int().min(0);

const headerSchema = z.object({
  format: z.literal(TRACE_FORMAT),
  versions: z.object({ schema: version, generator: version, engine: version }),
  implementation: z.object({ id: z.string(), hash: z.string().nullable() }),
  capabilities: capabilitiesSchema.optional(),
  judged: z.object({ disabled: z.array(z.string()), stopAtFirst: z.boolean() }),
  plan: z.custom<PlanFile>(isObject, 'a plan was expected'),
});

const violationSchema = z.object({
  property: z.string(),
  rule: z.string(),
  section: z.string(),
  sentence: z.string(),
  detail: z.string(),
  atUs: z.number(),
  step: z.int(),
  node: z.int(),
  role: z.enum(['follower', 'candidate', 'leader', 'none']),
  messageKind: z.string(),
  relation: z.string(),
  fingerprint: z.string(),
});

const endSchema = z.strictObject({
  k: z.literal('end'),
  verdict: z.enum(['pass', 'violation', 'excused', 'storm', 'exception']),
  reason: z.string().nullable(),
  violations: z.array(violationSchema),
  exception: z.object({ node: z.int(), event: z.int() }).nullable(),
  events: z.int().min(0),
  virtualUs: z.int().min(0),
  digest: z.string().regex(/^[0-9a-f]{16}$/, 'a digest of 16 hexadecimal digits was expected'),
  sha256: z.string(),
});

function parseHeader(line: string): TraceHeader {
  const header = parseJson(line);
  const format = isObject(header) ? header['format'] : undefined;
  if (format !== TRACE_FORMAT) {
    const got = line === '' ? 'nothing' : show(format ?? line);
    throw new UsageError(
      `This is not a trace: expected a first line with the format "${TRACE_FORMAT}", got ${got}.`,
    );
  }
  checkVersions((header as { readonly versions?: unknown }).versions);
  const { plan, capabilities, ...rest } = parsed(headerSchema, header, 1);
  const declared = capabilities === undefined ? {} : { capabilities };
  return { ...rest, ...declared, plan: parsePlan(plan) };
}

function parsePlan(plan: PlanFile): Plan {
  try {
    return completePlan(plan);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`Line 1 of the trace, plan: ${error.message}`);
  }
}

/** Before anything else is looked at: another version may have other fields. */
function checkVersions(versions: unknown): void {
  if (!isObject(versions)) throw new UsageError('The trace does not say its versions (line 1).');
  for (const name of ['schema', 'engine'] as const) {
    if (versions[name] === VERSIONS[name]) continue;
    const theirs = show(versions[name]);
    throw new UsageError(
      `This trace is of ${name} ${theirs}, this bench speaks ${VERSIONS[name]}.`,
    );
  }
}

/** Steps are numbered one by one, and time does not fall. */
function checkOrder(
  record: TraceRecord,
  order: { step: number; atUs: number },
  line: number,
): void {
  if ('i' in record) {
    order.step += 1;
    if (record.i !== order.step) {
      throw new UsageError(
        `Line ${line} of the trace is step ${record.i} where step ${order.step} belongs.`,
      );
    }
  }
  if (record.t < order.atUs) {
    throw new UsageError(`Line ${line} of the trace goes back in time.`);
  }
  order.atUs = record.t;
}

/** No end, or lines behind it. */
function misplacedEnd(lines: readonly string[], hasLastNewline: boolean): UsageError {
  const place = lines.findIndex((line) => isNamed(parseJson(line), 'end'));
  if (place >= 0) return new UsageError(`Line ${place + 2} of the trace stands behind its end.`);
  const whole = hasLastNewline ? lines.length : lines.length - 1;
  return new UsageError(
    `The trace is cut off after line ${whole}: the last line, with the verdict, is missing.`,
  );
}

function parsed<S extends z.ZodType>(schema: S, value: unknown, line: number): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new UsageError(`Line ${line} of the trace, ${path.join('.')}: ${message}.`);
}

/** undefined when the line is not JSON. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isNamed(value: unknown, k: string): boolean {
  return isObject(value) && value['k'] === k;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
