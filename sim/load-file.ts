/** Settings of users in YAML or JSON, held against a schema: one clear sentence for bad input. */
import { z } from 'zod';
import { explain } from './explain-issue.ts';
import { parsePlanText } from './plan-text.ts';
import { unexpected } from './usage-error.ts';

/** `name` is the file's, for messages. Throws a UsageError. */
export function loadFile<Schema extends z.ZodType>(
  text: string,
  name: string,
  schema: Schema,
): z.output<Schema> {
  const { value, positionOf } = parsePlanText(text, name, 'a file');
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const json = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  const { path, ...words } = explain(parsed.error.issues, value, json);
  const steps = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`));
  const place = steps.join('').replace(/^\./, '');
  const where = [place, positionOf(path)].filter((part) => part !== '').join(', ');
  throw unexpected({ ...words, where });
}
