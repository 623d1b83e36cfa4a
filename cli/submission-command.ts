/** How one server of a submission is started, whether it is a module or a program. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleSubmission, type ModuleRules } from '../sim/adapters/bundle-submission.ts';
import { stdioCommand } from '../sim/adapters/stdio-command.ts';
import type { StdioCommand } from '../sim/adapters/stdio-link.ts';
import type { Submission } from '../sim/grading/submission.ts';

export interface StartableSubmission {
  readonly command: StdioCommand;
  /** Nobody starts it again. */
  discard(): void;
}

type Denied = Pick<ModuleRules, 'deniedImports' | 'deniedPackages'>;

const NOTHING_DENIED: Denied = { deniedImports: [], deniedPackages: [] };

/** A module becomes a program for Node; what is built, is built before. Throws a SubmissionError. */
export async function startable(
  { root, manifest }: Submission,
  denied: Denied = NOTHING_DENIED,
): Promise<StartableSubmission> {
  if (manifest.module === undefined) {
    const [program, ...words] = manifest.run!;
    const command = stdioCommand([program!, ...words], root, manifest.env);
    return { command, discard: () => {} };
  }
  const text = await bundleSubmission(join(root, manifest.module), { root, ...denied });
  const folder = mkdtempSync(join(tmpdir(), 'whitewater-'));
  const file = join(folder, 'submission.mjs');
  writeFileSync(file, text);
  const command = stdioCommand(
    [process.execPath, '--enable-source-maps', file],
    root,
    manifest.env,
  );
  return { command, discard: () => rmSync(folder, { recursive: true, force: true }) };
}
