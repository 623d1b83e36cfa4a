/** `rubric.yaml`, the teacher's: which suite, how many points, how much is told. */
import { z } from 'zod';

const runs = z.int().min(0).max(10_000);
const hintLevel = z.int().min(0).max(4);

const testRule = z.strictObject({
  points: z.number().min(0).max(1_000).optional().describe('In place of those of the suite.'),
  scoring: z
    .enum(['all', 'fraction', 'steps'])
    .default('all')
    .describe('all: every run must hold. fraction: the share that holds. steps: by `steps`.'),
  steps: z
    .record(z.string().regex(/^\d+$/), z.number().min(0))
    .optional()
    .describe('Points by the number of runs that hold, at least.'),
  visibility: z
    .enum(['visible', 'hidden', 'after_due_date', 'after_published'])
    .default('visible')
    .describe('Who sees the result, where the reporter knows.'),
});

export const rubricSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  suite: z.string().default('labs').describe('A suite, perhaps with its version: labs@1.'),
  assignment: z.string().max(200).optional().describe('Part of every seed; the suite by default.'),
  requires: z
    .array(z.string())
    .default([])
    .describe('What must be declared: tests that need it score 0 where it is not.'),
  threshold: z
    .union([z.number().min(0).max(100), z.string().regex(/^\d+(\.\d+)? ?%$/)])
    .default(100)
    .describe('Percent of the points; below it the exit code is 1.'),
  seeds: z
    .strictObject({ public: runs.optional(), hidden: runs.optional() })
    .prefault({})
    .describe(
      'Runs of each test with seeds that everybody knows, and with those of --secret; by ' +
        'default those of the suite, all hidden where there is a secret.',
    ),
  hints: z
    .strictObject({ public: hintLevel.default(4), hidden: hintLevel.default(1) })
    .prefault({})
    .describe('How much a failure tells, 0 to 4.'),
  budget: z
    .strictObject({
      testSeconds: z.number().min(1).max(86_400).default(600),
      allSeconds: z.number().min(1).max(604_800).default(3_600),
      buildSeconds: z.number().min(1).max(86_400).default(600),
    })
    .prefault({})
    .describe(
      'Real time for the runs of one test together, for all of them, and for the build; what is ' +
        'over it is lost.',
    ),
  tests: z
    .record(z.string(), testRule)
    .default({})
    .describe('By id, or by a pattern that ends in `*`; the last that fits wins.'),
  deny: z
    .strictObject({
      imports: z.array(z.string()).default([]),
      dependencies: z.union([z.literal('*'), z.array(z.string())]).default([]),
    })
    .prefault({})
    .describe('What a submission may not import, and which packages it may not depend on.'),
});

export type Rubric = z.infer<typeof rubricSchema>;
export type TestRule = z.infer<typeof testRule>;

/** What stands where a teacher gives no rubric. */
export const DEFAULT_RUBRIC: Rubric = rubricSchema.parse({ version: 1 });

const NO_RULE: TestRule = testRule.parse({});

/** The rule for a test: of all whose names fit, the last. */
export function ruleOf(rubric: Rubric, testId: string): TestRule {
  let rule = NO_RULE;
  for (const [name, one] of Object.entries(rubric.tests)) {
    const fits = name.endsWith('*') ? testId.startsWith(name.slice(0, -1)) : name === testId;
    if (fits) rule = one;
  }
  return rule;
}

/** In percent, 0 to 100. */
export function thresholdOf({ threshold }: Rubric): number {
  return typeof threshold === 'number' ? threshold : Number.parseFloat(threshold);
}
