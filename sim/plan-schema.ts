/**
 * What a plan file may hold, knob by knob: names, ranges, and what is taken when a knob is left
 * out. What knobs must have in common stands in plan-rules.ts.
 */
import { z } from 'zod';
import { fault } from './fault-schema.ts';
import type { Plan } from './kernel/plan.ts';
import {
  count,
  lengthUs,
  node,
  nodeOrNone,
  ppm,
  TIME_US_MAX,
  term,
  timer,
  timeUs,
} from './plan-knobs.ts';
import { VERSIONS } from './versions.ts';

/** Commands of initial images are numbered by term and index. */
const IMAGE_ENTRIES_MAX = 9_999;

const versions = z.strictObject({
  schema: count(1, 1_000_000).default(VERSIONS.schema).describe('Version of the file format.'),
  generator: count(1, 1_000_000)
    .default(VERSIONS.generator)
    .describe('Version of what a seed means.'),
  engine: count(1, 1_000_000).default(VERSIONS.engine).describe('Version of what a plan does.'),
});

const config = z.strictObject({
  electionMsMin: count(1, 1_000_000).default(150).describe('Shortest election timeout.'),
  electionMsMax: count(1, 1_000_000).default(300).describe('Longest election timeout.'),
  heartbeatMs: count(1, 500_000).default(50).describe('A leader is silent no longer than this.'),
  batchEntriesMax: count(1, 1_000_000).default(64).describe('Entries in one AppendEntries.'),
  inflightMax: count(1, 1_000_000)
    .default(16)
    .describe('AppendEntries on their way to one server.'),
  backtracking: z
    .enum(['conflictTerm', 'decrement'])
    .default('conflictTerm')
    .describe('How a leader finds the place where logs agree.'),
  groupCommit: z
    .boolean()
    .default(false)
    .describe('Requests wait while an append is not safe yet, and are appended together.'),
  applyBatchMax: count(1, 1_000_000).default(1_000_000).describe('Entries applied in one step.'),
  persistCommitIndex: z
    .boolean()
    .default(false)
    .describe('The commit index is written with the hard state.'),
  preVote: z
    .boolean()
    .default(false)
    .describe('Servers ask whether they could win before they stand.'),
  checkQuorum: z
    .boolean()
    .default(false)
    .describe('A leader without a majority steps down; one that is heard is not disturbed.'),
  reads: z
    .enum(['log', 'readIndex', 'lease'])
    .default('log')
    .describe('How leaders answer reads: through the log, or without it.'),
  clockDriftPpm: count(0, 500_000)
    .default(0)
    .describe('What leases allow for: no clock is faster or slower than this.'),
  membership: z
    .enum(['joint', 'singleServer'])
    .default('joint')
    .describe('How the configuration changes.'),
  snapshotEntries: count(0, 1_000_000)
    .default(0)
    .describe('A snapshot is taken after so many applied entries; 0: only on request.'),
  trailingEntries: count(0, 1_000_000)
    .default(0)
    .describe('Entries that stay in the log behind a snapshot.'),
  snapshotChunkMax: count(1, 1_000_000_000)
    .default(1_000_000)
    .describe('Characters of a snapshot in one InstallSnapshot.'),
  logTime: z.boolean().default(false).describe('Leaders write their wall clock into entries.'),
});

const cluster = z.strictObject({
  size: count(1, 7).default(3).describe('Servers 1 to size are the first configuration.'),
  spares: count(0, 6).default(0).describe('More servers, which know of no cluster.'),
  config: config.prefault({}),
  stateMachine: z
    .enum(['volatile', 'durable'])
    .default('volatile')
    .describe('What a crash leaves of what was applied: nothing, or some prefix.'),
  restartAfterHaltUs: timeUs
    .nullable()
    .default(null)
    .describe('A server that halted starts again after this; null: not before the heal.'),
  sessionExpiryMs: count(0, 1_000_000_000)
    .default(0)
    .describe('Unused sessions end after this much logged time; 0: never.'),
});

const network = z.strictObject({
  latencyUsMin: timeUs.default(500).describe('Shortest usual one-way latency.'),
  latencyUsMax: timeUs.default(5_000).describe('Longest usual one-way latency.'),
  tailPpm: ppm.default(0).describe('Share of the messages that may take up to tailUsMax.'),
  tailUsMax: timeUs.default(0).describe('Longest latency of the tail, evenly on a log scale.'),
  lossPpm: ppm.default(0).describe('Share of the messages that get lost.'),
  duplicatePpm: ppm.default(0).describe('Share of the messages that come twice.'),
  graveyardPpm: ppm
    .default(0)
    .describe('Share of the messages after which an old one of the same link comes again.'),
});

const disk = z.strictObject({
  latencyUsMin: timeUs.default(100).describe('Shortest time of a write.'),
  latencyUsMax: timeUs.default(500).describe('Longest time of a write.'),
  noticeUsMax: timeUs
    .default(0)
    .describe('A server is told of a durable write up to this much later, out of order.'),
  failPpm: ppm.default(0).describe('Share of the writes that fail.'),
  snapshotUsMin: timeUs.default(0).describe('Shortest time to make a snapshot.'),
  snapshotUsMax: timeUs.default(0).describe('Longest time to make a snapshot.'),
});

const scriptedRequest = z.strictObject({
  atUs: timeUs,
  node,
  ops: z.array(z.string().min(1)).min(1).max(100).describe('For example "put x0 7" or "get x0".'),
});

const workload = z.strictObject({
  clients: count(0, 100).default(2).describe('Clients, each with one operation at a time.'),
  intervalUs: lengthUs.default(50_000).describe('A client invokes about this often.'),
  keys: count(1, 1_000).default(2).describe('Keys x0, x1, …'),
  readPpm: ppm.default(200_000).describe('Share of reads.'),
  casPpm: ppm.default(0).describe('Of the rest: share of compare-and-swap.'),
  ttlPpm: ppm.default(0).describe('Of the rest: share of puts that end after a time.'),
  rangePpm: ppm.default(0).describe('Of the reads: share of those of several keys.'),
  sessions: z
    .boolean()
    .default(false)
    .describe('Clients register, and may send a command again when they do not know its fate.'),
  batchMax: count(1, 100).default(1).describe('Commands of one client in one request.'),
  timeoutUs: lengthUs.default(1_000_000).describe('A client stops waiting after this long.'),
  lossPpm: ppm.default(0).describe('Share of requests, and of answers, that get lost.'),
  followRedirects: z
    .boolean()
    .default(true)
    .describe('false: clients ignore hints, and try any server.'),
  script: z.array(scriptedRequest).max(10_000).default([]).describe('Requests at given times.'),
});

const phases = z.strictObject({
  chaosUs: timeUs.default(3_000_000).describe('Length of the first phase, in which faults happen.'),
  core: z.array(node).default([]).describe('Servers that are healed; none given: all of them.'),
  rest: z.enum(['dead', 'cut']).default('dead').describe('What becomes of the other servers.'),
  inFlight: z
    .enum(['drop', 'hurry'])
    .default('drop')
    .describe('Messages of the chaos are dropped at the heal, or come within an election timeout.'),
  trafficOperations: count(0, 100_000).default(10).describe('Operations of the last phase.'),
  settle: z.boolean().default(true).describe('Heal, quiet and traffic follow the chaos.'),
});

const pinnedDecision = z.strictObject({
  match: z.strictObject({
    from: node,
    to: node,
    kind: z.string().min(1).describe('Kind of the message, for example "AppendEntries".'),
    term: term.nullable().default(null).describe('null: any term.'),
    nth: count(0, 1_000_000_000).default(1).describe('The nth such message; 0: every one.'),
  }),
  drop: z.boolean().default(false),
  delayUs: timeUs.nullable().default(null).describe('null: as drawn.'),
  duplicateUs: timeUs.nullable().default(null).describe('A second copy; null: as drawn.'),
});

const pinnedTimer = z.strictObject({
  node,
  timer,
  nth: count(1, 1_000_000_000).describe('The nth draw of this timer.'),
  us: timeUs,
});

const nodes = z.array(node).max(7);

const adminRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('changeMembership'),
    voters: nodes.min(1),
    learners: nodes.default([]),
  }),
  z.strictObject({ kind: z.literal('transferLeadership'), to: node }),
  z.strictObject({ kind: z.literal('takeSnapshot') }),
]);

const operator = z.strictObject({
  requests: z
    .array(
      z.strictObject({
        atUs: timeUs.describe('Not before.'),
        node: nodeOrNone.default(0).describe('Whom it asks first; 0: the leader it knows.'),
        request: adminRequest,
      }),
    )
    .max(1_000),
  timeoutUs: lengthUs.default(2_000_000).describe('It gives up on a request after this.'),
});

const jumpUs = z.int().min(-TIME_US_MAX).max(TIME_US_MAX);

const clock = z.strictObject({
  node,
  offsetUs: timeUs.default(0).describe('So far ahead at the start.'),
  ratePpm: z
    .int()
    .min(-500_000)
    .max(500_000)
    .default(0)
    .describe('So much faster; slower below 0.'),
  jumps: z
    .array(z.strictObject({ atUs: timeUs, byUs: jumpUs }))
    .max(1_000)
    .default([])
    .describe('Of the wall clock.'),
});

const initialImage = z.strictObject({
  node,
  currentTerm: count(0, 1_000_000),
  votedFor: nodeOrNone.default(0).describe('The vote of currentTerm; 0: none.'),
  log: z
    .array(z.strictObject({ term, op: z.string().min(1).nullable().describe('null: a no-op.') }))
    .max(IMAGE_ENTRIES_MAX)
    .describe('From index 1.'),
});

/** Takes a plan with sections and knobs left out, and gives a whole one. */
export const planSchema = z
  .strictObject({
    versions: versions.prefault({}),
    seed: z.string().min(1).max(100).default('0').describe('Names the random streams.'),
    cluster: cluster.prefault({}),
    network: network.prefault({}),
    disk: disk.prefault({}),
    workload: workload.prefault({}),
    phases: phases.prefault({}),
    faults: z.array(fault).max(10_000).default([]),
    decisions: z.array(pinnedDecision).max(10_000).default([]),
    timers: z.array(pinnedTimer).max(10_000).default([]),
    operators: z.array(operator).max(7).default([]).describe('Who changes the cluster.'),
    clocks: z.array(clock).max(7).default([]).describe('Clocks that are not true.'),
    images: z.array(initialImage).max(7).default([]),
    eventsMax: count(1, 10_000_000)
      .default(100_000)
      .describe('A run with more server events ends as a storm.'),
  })
  .describe('A Whitewater plan: everything that a run depends on besides the implementation.');

/** A plan file: what a user may write. */
export type PlanFile = Whole<z.input<typeof planSchema>>;

/** The compiler fails here when the schema and the type drift apart. */
type Whole<T> = T extends object ? { readonly [K in keyof T]: Whole<T[K]> } : T;
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
true satisfies Same<Whole<z.output<typeof planSchema>>, Whole<Plan>>;

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The schema of plan files as JSON Schema (draft 7). */
export function planJsonSchema(): JsonSchema {
  return z.toJSONSchema(planSchema, { target: 'draft-7', io: 'input' });
}

/** The same for editors, with the key by which a file names its schema; schemas/plan.schema.json. */
export function planEditorSchema(): Record<string, unknown> {
  const { $schema, properties, ...rest } = planJsonSchema();
  const link = { type: 'string', description: 'Where editors find this schema.' };
  return { $schema, ...rest, properties: { $schema: link, ...properties } };
}
