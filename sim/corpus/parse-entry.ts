/** The door for kept plans: text of a file in, a whole entry out. */
import { z } from 'zod';
import { completePlan } from '../load-plan.ts';
import type { PlanFile } from '../plan-schema.ts';
import { UsageError } from '../usage-error.ts';
import { CORPUS_FORMAT, type CorpusEntry } from './entry.ts';

const version = z.int().min(1);
const text = z.string().min(1).max(1000);
const nullableText = text.nullable();

const entrySchema = z.strictObject({
  format: z.literal(CORPUS_FORMAT),
  versions: z.strictObject({ schema: version, generator: version, engine: version }),
  implementation: z.strictObject({ id: text, hash: nullableText }),
  selection: z.strictObject({ sut: nullableText, mutant: nullableText, without: z.array(text) }),
  failure: z.strictObject({
    kind: z.enum(['violation', 'exception', 'storm', 'hang', 'died']),
    property: nullableText,
    fingerprint: text,
    step: z.int().min(0),
    firstWrong: z
      .strictObject({ step: z.int().min(0), sentence: text })
      .nullable()
      .default(null),
  }),
  plan: z.custom<PlanFile>((value) => typeof value === 'object' && value !== null),
});

/** The entry in the text of a file named `name`. Throws a UsageError: one sentence. */
export function parseCorpusEntry(fileText: string, name: string): CorpusEntry {
  let value: unknown;
  try {
    value = JSON.parse(fileText);
  } catch {
    throw new UsageError(`${name} is no kept plan: it is not JSON, or it is cut off.`);
  }
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    const where = path.length === 0 ? '' : ` at ${path.join('.')}`;
    throw new UsageError(`${name} is no kept plan${where}: ${message}.`);
  }
  try {
    return { ...parsed.data, plan: completePlan(parsed.data.plan) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${name}, plan: ${error.message}`);
  }
}
