import { describe, expect, it } from 'vitest';
import { gradingSchemas } from '../../../sim/grading/editor-schemas.ts';

describe('the JSON Schemas of grading', () => {
  it.each(Object.entries(gradingSchemas()))('are those in schemas/ (%s)', async (name, schema) => {
    const path = new URL(`../../../schemas/${name}`, import.meta.url).pathname;
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(path);
  });
});
