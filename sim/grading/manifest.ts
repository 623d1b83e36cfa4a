/**
 * `whitewater.yaml`, the manifest in a submission: how it is built and started, and what belongs to
 * it. All of it is the submission's own word: nothing here has a say in points.
 */
import { z } from 'zod';

const argv = z.array(z.string().min(1)).min(1).max(100);

export const manifestSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  name: z.string().max(100).optional().describe('For reports; the folder by default.'),
  build: argv.optional().describe('A program and its arguments, without a shell; run once.'),
  run: argv
    .optional()
    .describe('What starts one server: it speaks the protocol on stdin and stdout.'),
  module: z
    .string()
    .min(1)
    .optional()
    .describe('In place of `run`: a TypeScript or JavaScript module that exports createServer.'),
  files: z
    .array(z.string().min(1))
    .default(['**/*'])
    .describe('What counts as the submission, for its hash: patterns relative to the folder.'),
  env: z.record(z.string(), z.string()).default({}).describe('Environment variables of servers.'),
});

export type Manifest = z.infer<typeof manifestSchema>;
