/** A submitted module, with all that it imports from its own folder, as one program over stdio. */
import { fileURLToPath } from 'node:url';
import { show } from '../usage-error.ts';
import { firstBuildError } from './bundle-module.ts';
import { type Confinement, confinedResolver, strayInput } from './confined-resolver.ts';
import { SubmissionError } from './submission-error.ts';

/** Of the same kind as this module: a source, or what was built from it. */
const ofOurs = (path: string): string =>
  fileURLToPath(
    new URL(`${path}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
  );
const LOOP = ofOurs('./serve-module');
const KIT = ofOurs('../../sdk/typescript/whitewater');

/** What a server has no use for, and a bench that is killed by it could be hurt by. */
const WITHOUT = "for(const name of['kill','_kill','_debugProcess'])delete process[name];";

export type ModuleRules = Omit<Confinement, 'kit' | 'named'>;

/** The text of a program for Node. Throws a SubmissionError when it does not build. */
export async function bundleSubmission(entry: string, rules: ModuleRules): Promise<string> {
  const { build } = await import('esbuild');
  const confinement = { ...rules, kit: new Set([LOOP, KIT]), named: { 'whitewater/kit': KIT } };
  const start = [
    `import { serveModule } from ${JSON.stringify(LOOP)};`,
    `import * as submitted from ${JSON.stringify(entry)};`,
    'serveModule(submitted);',
  ].join('\n');
  try {
    const { outputFiles, metafile } = await build({
      stdin: { contents: start, resolveDir: rules.root, sourcefile: '<start>', loader: 'js' },
      absWorkingDir: rules.root,
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      keepNames: true,
      banner: { js: WITHOUT },
      sourcemap: 'inline',
      // What a tsconfig.json names may lie anywhere.
      tsconfigRaw: '{}',
      logLevel: 'silent',
      plugins: [confinedResolver(confinement, [LOOP, entry])],
    });
    const stray = strayInput(Object.keys(metafile.inputs), confinement);
    if (stray === null) return outputFiles[0]!.text;
    throw new SubmissionError(`The import of ${show(stray)} is refused: it lies outside.`);
  } catch (error) {
    if (error instanceof SubmissionError) throw error;
    throw new SubmissionError(firstBuildError(error), { cause: error });
  }
}
