import { expect, test } from 'vitest';
import { z } from 'zod';
import { doneSchema } from '../../../sim/protocol/actions.ts';
import { readySchema } from '../../../sim/protocol/capabilities.ts';
import { eventSchema, eventsAgree, helloSchema } from '../../../sim/protocol/event-schemas.ts';

const SCHEMAS = {
  'protocol-event': z.union([helloSchema, eventSchema]).describe('A line that the bench writes.'),
  'protocol-answer': z.union([readySchema, doneSchema]).describe('A line that a program answers.'),
};

test.each(Object.entries(SCHEMAS))(
  'schemas/%s is in step with the program',
  async (name, schema) => {
    const path = new URL(`../../../schemas/${name}.schema.json`, import.meta.url);
    const text = `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(path.pathname);
  },
);

test('events as schemas are the events of the program', () => {
  expect(eventsAgree).toBe(true);
});
