/** What a program answers: an ordered list of actions, carried out one after the other. */
import { z } from 'zod';
import type { Json } from './json.ts';

/** Not looked into: it comes out of JSON, or was copied as JSON would. */
const json = z.unknown() as unknown as z.ZodType<Json>;
const server = z
  .string()
  .regex(/^n[1-7]$/)
  .describe('A server: n1 to n7.');
const place = z.int().min(1);
const ms = z.int().min(0).max(100_000_000);
const name = z.string().min(1).max(100);

/** One write is all or nothing, except that an append may survive a crash in part: a prefix. */
export const writeSchema = z.union([
  z.strictObject({
    put: z.record(z.string(), json).describe('Values by key, in place of those before.'),
  }),
  z.strictObject({ append: z.array(json).describe('Entries behind the end of the list.') }),
  z.strictObject({ truncateFrom: place.describe('Entries from this position on go.') }),
  z.strictObject({
    overwrite: z
      .strictObject({ index: place, entries: z.array(json) })
      .describe('Replaces entries from `index` on, and keeps what stands behind them.'),
  }),
  z.strictObject({ compactTo: place.describe('Entries through this position go.') }),
]);

export const actionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('send'),
    to: server,
    body: json,
    about: json.optional().describe('What the message means, for reports only.'),
  }),
  z.strictObject({ kind: z.literal('setTimer'), name, minMs: ms, maxMs: ms.optional() }),
  z.strictObject({ kind: z.literal('cancelTimer'), name }),
  z.strictObject({
    kind: z.literal('persist'),
    id: place.describe('Ids rise within a life.'),
    stream: name.default('main'),
    after: z.int().min(0).default(0).describe('This earlier write becomes safe first; 0 for none.'),
    write: writeSchema,
  }),
  z.strictObject({
    kind: z.literal('apply'),
    op: z.string(),
    index: z.int().min(0).optional(),
    skipped: z.boolean().default(false).describe('A command that was applied before.'),
  }),
  z.strictObject({ kind: z.literal('takeSnapshot'), index: z.int().min(0) }),
  z.strictObject({ kind: z.literal('restore'), index: z.int().min(0), ref: z.string() }),
  z.strictObject({
    kind: z.literal('respond'),
    id: z.string(),
    outcome: z.enum(['ok', 'redirect', 'rejected', 'unknown']),
    value: z.string().nullable().optional().describe('With stateMachine own: what a read found.'),
    hint: server.nullable().optional(),
  }),
  z.strictObject({
    kind: z.literal('claim'),
    role: z.enum(['follower', 'candidate', 'leader']),
    term: z.int().min(0),
  }),
  z.strictObject({ kind: z.literal('halt'), reason: z.string().max(1_000) }),
  z.strictObject({ kind: z.literal('note'), note: json }),
]);

export type ProgramWrite = z.infer<typeof writeSchema>;
export type ProgramAction = z.infer<typeof actionSchema>;

/** The answer to every event behind `hello`. */
export const doneSchema = z.union([
  z.strictObject({ done: place, actions: z.array(actionSchema).max(10_000) }),
  z.strictObject({ done: place, error: z.string() }),
]);
