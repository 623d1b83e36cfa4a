/**
 * What a program says about itself when it is greeted. What is not declared is not tested; whether
 * that costs points is the rubric's business.
 */
import { z } from 'zod';

const ms = z.int().min(10).max(10_000);

export const capabilitiesSchema = z.strictObject({
  durability: z
    .enum(['none', 'immediate', 'barrier', 'explicit'])
    .default('none')
    .describe(
      'none: nothing survives a crash. immediate: a write is safe as soon as it is carried out. ' +
        'barrier: later actions wait until earlier writes are safe. explicit: nothing waits; `persisted` tells.',
    ),
  reset: z
    .boolean()
    .default(false)
    .describe('A second `start` on the same process makes a new server that remembers nothing.'),
  electionMs: z
    .tuple([ms, ms])
    .default([150, 300])
    .describe('Election timeouts lie between these; every test is scaled by them.'),
  heartbeatMs: ms.default(50).describe('A leader is silent no longer than this.'),
  claims: z.boolean().default(false).describe('Tells by `claim` when it stands and when it leads.'),
  applyIndex: z.boolean().default(true).describe('`apply` carries the index of the log.'),
  stateMachine: z
    .enum(['bench', 'own'])
    .default('bench')
    .describe('Who keeps the key-value store, and so knows the values that clients get.'),
  reads: z
    .enum(['log', 'readIndex', 'lease', 'none'])
    .default('log')
    .describe('How requests that only read are served.'),
  requestBatches: z
    .boolean()
    .default(false)
    .describe('Takes several requests in one event, as `requests`.'),
  snapshots: z.boolean().default(false).describe('Takes, sends and installs snapshots.'),
  transfer: z.boolean().default(false).describe('Hands leadership over when an operator asks.'),
  preVote: z.boolean().default(false).describe('Asks before it raises its term.'),
  checkQuorum: z
    .boolean()
    .default(false)
    .describe('A leader that hears from no majority steps down.'),
  membership: z
    .enum(['none', 'single', 'joint'])
    .default('none')
    .describe('Changes who takes part: one server at a time, or by joint consensus.'),
  pollMs: z
    .int()
    .min(0)
    .max(50)
    .default(0)
    .describe('Timers are rounded up to multiples of this, for programs that poll.'),
});

export type Capabilities = z.infer<typeof capabilitiesSchema>;

/** The answer to `hello`. */
export const readySchema = z.strictObject({
  ready: z.literal(1).describe('The version of the protocol that the program speaks.'),
  name: z.string().max(100).default('').describe('For reports.'),
  capabilities: capabilitiesSchema.prefault({}),
});

export type Ready = z.infer<typeof readySchema>;
