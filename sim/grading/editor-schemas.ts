/** The files of a grading as JSON Schemas, for editors and other programs; they stand in schemas/. */
import { z } from 'zod';
import { manifestSchema } from './manifest.ts';
import { reportSchema } from './report.ts';
import { rubricSchema } from './rubric.ts';

export function gradingSchemas(): Readonly<Record<string, object>> {
  const input = { target: 'draft-7', io: 'input' } as const;
  return {
    'manifest.schema.json': z.toJSONSchema(manifestSchema, input),
    'rubric.schema.json': z.toJSONSchema(rubricSchema, input),
    'report.schema.json': z.toJSONSchema(reportSchema, { target: 'draft-7', io: 'output' }),
  };
}
