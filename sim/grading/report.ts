/** `report.json`: what a grading came to, and all that a second person needs to make it again. */
import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const points = z.number().min(0);
const count = z.int().min(0);

const testReport = z.strictObject({
  id: z.string(),
  title: z.string(),
  sentence: z.string().describe('What must hold.'),
  section: z.string(),
  status: z.enum(['passed', 'failed', 'notAttempted', 'notReached']),
  points,
  maxPoints: points,
  visibility: z.enum(['visible', 'hidden', 'after_due_date', 'after_published']),
  runs: count,
  held: count,
  digest: z.string().describe('SHA-256 over the digests of its runs; empty without runs.'),
  failures: z
    .array(
      z.strictObject({
        fingerprint: z.string().describe('Below hint level 2 the property alone.'),
        runs: count,
        case: z.string().describe('Names the first such run, for example M3.2-7f3a.'),
      }),
    )
    .describe('The most frequent first.'),
  missing: z.array(z.string()).describe('What it needs and the submission does not declare.'),
  unreached: z.array(z.string()).describe('Situations that some run should have reached.'),
  hint: z.int().min(0).max(4).describe('How much the reason tells.'),
  reason: z.array(z.string()).describe('Why points were lost, as lines for a screen.'),
});

export const reportSchema = z
  .strictObject({
    $schema: z.string().optional(),
    format: z.literal('whitewater/report'),
    version: z.literal(1),
    verdict: z.enum(['passed', 'failed']).describe('Against the threshold.'),
    error: z
      .string()
      .nullable()
      .describe('Why nothing could be run: it does not build, or does not start.'),
    submission: z.strictObject({
      name: z.string(),
      program: z.string().describe('As it calls itself.'),
      sha256: sha256.describe('Over sorted paths and texts of its files, line ends made equal.'),
    }),
    suite: z.strictObject({ name: z.string(), version: z.int() }),
    only: z.array(z.string()).nullable().describe('The tests that were asked for; null: all.'),
    assignment: z.string(),
    rubric: z.strictObject({ sha256, threshold: z.number() }),
    secret: sha256.nullable().describe('Of the secret that hidden runs come from; null: none.'),
    versions: z.strictObject({
      whitewater: z.string(),
      node: z.string(),
      schema: z.int(),
      generator: z.int(),
      engine: z.int(),
      tools: z
        .record(z.string(), z.string())
        .describe('Of the tool chain, by program, for example go: 1.26.8. Moves no score.'),
    }),
    isolation: z
      .enum(['process', 'user'])
      .describe(
        'process: child processes of the same user, in empty folders: a seat belt. user: of ' +
          'another user, who can read and write only what the system lets it.',
      ),
    determinism: z
      .enum(['replayable', 'recorded', 'unknown'])
      .describe('recorded: a run that was made again went another way. Costs no points.'),
    capabilities: z.record(z.string(), z.unknown()).nullable(),
    score: z.strictObject({
      points,
      maxPoints: points,
      percent: z.number(),
      passed: count,
      tests: count,
    }),
    tests: z.array(testReport),
  })
  .describe('A Whitewater report: the certificate of a grading.');

export type Report = z.infer<typeof reportSchema>;
export type TestReport = Report['tests'][number];
