/** The edited core as one text of JavaScript, made in memory: what a worker can be handed. */
import { createHash } from 'node:crypto';
import { relative, sep } from 'node:path';
import { type BuildFailure, build, type Plugin } from 'esbuild';
import { UsageError } from '../../sim/usage-error.ts';
import { applyEdits } from './apply.ts';
import { type CoreSources, packageRoot, readCoreSources } from './core-sources.ts';
import { type Edit, implementationId, type Mutant } from './mutant.ts';

/** Plain data: crosses to a worker, and is the same on every machine for the same sources. */
export interface Bundle {
  /** `mutant:ID`, or `reference`. */
  readonly id: string;
  /** An ES module that exports createServer and createStateMachine. */
  readonly code: string;
  /** 16 hexadecimal digits of the code's SHA-256. */
  readonly hash: string;
}

export interface BundleOptions {
  /** Makes the core's own assertions say nothing, so that only the bench can find the bug. */
  readonly assertionsOff: boolean;
}

/** What makes `assert` of the core a function without effect. */
export const ASSERTIONS_OFF: Edit = {
  file: 'core/assert.ts',
  find: '  if (!condition) fail(message, a, b);\n',
  replace: '',
};

const ENTRY = `export { createServer } from './core/raft-server.ts';
import { KeyValueStore } from './core/state-machine.ts';
export function createStateMachine(sessionExpiryMs: number) { return new KeyValueStore(sessionExpiryMs); }
`;

/** Said here and not read from a tsconfig.json, so that the code is the same wherever it is made. */
const COMPILER = '{"compilerOptions":{"target":"ES2022","verbatimModuleSyntax":true}}';

export function bundleMutant(mutant: Mutant, options: BundleOptions): Promise<Bundle> {
  return bundleCore(implementationId(mutant), mutant, options);
}

/** The core as it is. */
export function bundleReference(options: BundleOptions): Promise<Bundle> {
  return bundleCore('reference', { id: 'reference', edits: [] }, options);
}

/** Throws EditError when an edit does not fit, and UsageError when the result does not parse. */
async function bundleCore(
  id: string,
  mutant: Pick<Mutant, 'id' | 'edits'>,
  { assertionsOff }: BundleOptions,
): Promise<Bundle> {
  const root = packageRoot();
  const sources = readCoreSources(root);
  const edits = assertionsOff ? [...mutant.edits, ASSERTIONS_OFF] : mutant.edits;
  const texts = new Map([...sources, ...applyEdits({ id: mutant.id, edits }, sources)]);
  const code = await buildInMemory(root, texts, mutant.id);
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
  return { id, code, hash };
}

async function buildInMemory(root: string, texts: CoreSources, id: string): Promise<string> {
  try {
    const { outputFiles } = await build({
      stdin: { contents: ENTRY, resolveDir: root, sourcefile: 'entry.ts', loader: 'ts' },
      absWorkingDir: root,
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      target: 'node20',
      tsconfigRaw: COMPILER,
      logLevel: 'silent',
      plugins: [serve(root, texts)],
    });
    return outputFiles[0]!.text;
  } catch (error) {
    throw new UsageError(`Mutant ${id} does not build: ${firstErrorOf(error as BuildFailure)}.`);
  }
}

/** Hands out these texts in place of the files. */
function serve(root: string, texts: CoreSources): Plugin {
  return {
    name: 'edited-core',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = texts.get(relative(root, path).split(sep).join('/'));
        return contents === undefined ? undefined : { contents, loader: 'ts' };
      });
    },
  };
}

function firstErrorOf(failure: BuildFailure): string {
  const [error] = failure.errors ?? [];
  if (error === undefined) return String(failure);
  const { location, text } = error;
  return location === null ? text : `${location.file}:${location.line}: ${text}`;
}
