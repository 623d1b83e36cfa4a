/** What a plan file may say about faults: when they happen, and what does. */
import { z } from 'zod';
import { count, lengthUs, node, nodeOrNone, timer, timeUs } from './plan-knobs.ts';

const faultTime = z.strictObject({ atUs: timeUs.describe('Since the start of the run.') });

const faultTrigger = z.strictObject({
  on: z
    .enum([
      'leader',
      'commit',
      'voteGranted',
      'write',
      'action',
      'broadcast',
      'senders',
      'apply',
      'acknowledged',
      'started',
      'candidate',
      'leaderAgain',
      'success',
      'truncate',
      'sendBehindWrite',
      'configuration',
      'configurationCommitted',
      'snapshotSent',
      'snapshotTaken',
      'snapshotWritten',
      'timeoutNow',
      'readServed',
    ])
    .describe('The fact that it waits for.'),
  node: nodeOrNone.default(0).describe('Whose facts count; 0: all together.'),
  nth: count(1, 1_000_000_000).default(1).describe('It fires at the nth of them.'),
  count: count(0, 1_000)
    .default(0)
    .describe('Refines leader, leaderAgain, voteGranted, success, write and senders.'),
});

const forUs = lengthUs.nullable().default(null).describe('null: until the heal.');
const nodeOfFact = nodeOrNone.default(0).describe('0: the server of the fact.');
const link = z.tuple([node, node]).describe('[from, to]');
const direction = z.enum(['both', 'in', 'out']).default('both');
const stream = z.string().min(1).nullable().default(null).describe('null: every stream.');

const faultAction = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('wipe'), node: nodeOfFact }),
  z.strictObject({
    do: z.literal('crash'),
    node: nodeOfFact,
    restartUs: timeUs.nullable().default(null).describe('null: not before the heal.'),
    keep: z
      .enum(['none', 'drawn', 'all'])
      .default('drawn')
      .describe('Which unfinished writes survive.'),
  }),
  z.strictObject({ do: z.literal('restart'), node: nodeOfFact }),
  z.strictObject({ do: z.literal('pause'), node: nodeOfFact, forUs: lengthUs }),
  z.strictObject({ do: z.literal('block'), links: z.array(link).min(1).max(42), forUs }),
  z.strictObject({
    do: z.literal('isolate'),
    node: nodeOfFact,
    direction,
    peers: count(0, 6).default(0).describe('Only from so many others; 0: from all.'),
    forUs,
  }),
  z.strictObject({ do: z.literal('unblock') }),
  z.strictObject({ do: z.literal('elapse'), node: nodeOfFact, timer }),
  z.strictObject({
    do: z.literal('exhume'),
    node: nodeOfFact,
    of: z
      .enum(['earlierReign', 'earlierTerm', 'any'])
      .default('earlierReign')
      .describe('Of terms that the server has led, of terms before its own, or all.'),
    count: count(1, 100).default(1).describe('So many old messages at most.'),
    withinUs: timeUs.default(0).describe('They come within this time.'),
  }),
  z.strictObject({ do: z.literal('clog'), node: nodeOfFact, direction, forUs: lengthUs }),
  z.strictObject({
    do: z.literal('interfere'),
    node: nodeOfFact,
    direction,
    kind: z.string().min(1).describe('Kind of the messages, for example "AppendEntries".'),
    how: z.enum(['drop', 'delay', 'duplicate']).default('drop'),
    delayUs: timeUs.default(0).describe('So much later, or so much after the first copy.'),
    forUs,
  }),
  z.strictObject({ do: z.literal('stall'), node: nodeOfFact, stream, forUs: lengthUs }),
  z.strictObject({
    do: z.literal('slow'),
    node: nodeOfFact,
    factor: count(2, 1_000).describe('So many times as long.'),
    forUs: lengthUs,
  }),
  z.strictObject({
    do: z.literal('failWrites'),
    node: nodeOfFact,
    stream,
    forUs: timeUs.default(0).describe('With failWrites 0: only the next write.'),
  }),
  z.strictObject({
    do: z.literal('outrun'),
    node: nodeOfFact,
    restartUs: timeUs.nullable().default(null).describe('null: not before the heal.'),
  }),
]);

/** A pair: when it happens, and what. */
export const fault = z.strictObject({
  when: z.union([faultTime, faultTrigger]).describe('A time, or a fact.'),
  what: faultAction,
});
