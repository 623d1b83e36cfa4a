/** The events of `events.ts` as schemas, for authors of programs in other languages. */
import { z } from 'zod';
import type { HelloEvent, ProgramEvent } from './events.ts';
import type { Json } from './json.ts';

const json = z.unknown() as unknown as z.ZodType<Json>;
const now = z.int().min(0).describe('Milliseconds of this server, rounded down; never falls.');
const server = z.string().regex(/^n[1-7]$/);
const servers = z.array(server);
const n = z.int().min(1).describe('Number of the line in this life: hello is 1, start is 2.');

const durableStream = z.object({
  values: z.record(z.string(), json),
  firstIndex: z.int().min(1).describe('Place of the first entry.'),
  entries: z.array(json),
});

const start = z.object({
  n,
  kind: z.literal('start'),
  now,
  self: server,
  index: z.int().min(0).describe('0-based place of self among the sorted members.'),
  members: servers.describe('Sorted; empty for a spare server.'),
  boot: z.int().min(0).describe('0 for the first boot, one more at each restart.'),
  seed: z.string().describe('Differs per server and boot.'),
  durable: z
    .record(z.string(), durableStream)
    .nullable()
    .describe('What survived on disk, by stream; null when nothing was ever written.'),
  config: z.object({
    maxDriftPpm: z.int().min(0).describe('No clock is off by more than this, parts per million.'),
    snapshotEvery: z
      .int()
      .min(1)
      .nullable()
      .describe('A snapshot is due when so many commands were applied since the last.'),
  }),
});

const request = {
  id: z.string().describe('Names this attempt: respond with it.'),
  command: z.object({
    clientId: z.string(),
    seq: z.int().min(0),
    op: z.string().describe('Different for every command; applied as it stands.'),
  }),
  readOnly: z.boolean(),
};

const change = z.union([
  z.object({ takeSnapshot: z.literal(true) }),
  z.object({ transferTo: server }),
  z.object({ members: servers, learners: servers }),
]);

const id = z.int().min(1).describe('Of the write.');

export const helloSchema = z.object({
  n: z.literal(1),
  kind: z.literal('hello'),
  protocols: z.array(z.int().min(1)).describe('Versions that the bench speaks.'),
  bench: z.string(),
});

export const eventSchema = z.discriminatedUnion('kind', [
  start,
  z.object({ n, kind: z.literal('message'), now, from: server, body: json }),
  z.object({ n, kind: z.literal('timer'), now, name: z.string() }),
  z.object({ n, kind: z.literal('request'), now, ...request }),
  z.object({ n, kind: z.literal('requests'), now, requests: z.array(z.object(request)) }),
  z.object({ n, kind: z.literal('persisted'), now, id }),
  z.object({ n, kind: z.literal('persistFailed'), now, id, error: z.string() }),
  z.object({
    n,
    kind: z.literal('snapshotTaken'),
    now,
    index: z.int().min(0),
    ref: z.string().describe('Stands for the state.'),
  }),
  z.object({ n, kind: z.literal('admin'), now, id: z.string(), change }),
]);

/** What is written here is what is written there, field by field. */
type Numbered = (ProgramEvent | HelloEvent) & { readonly n: number };
type Written = z.infer<typeof eventSchema> | z.infer<typeof helloSchema>;
type Fields<E extends { kind: string }> = { [K in E['kind']]: keyof Extract<E, { kind: K }> };
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
export const eventsAgree: Written extends Numbered
  ? Same<Fields<Written>, Fields<Numbered>>
  : false = true;
