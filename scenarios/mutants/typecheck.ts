/**
 * npm run check:mutants: every mutant type-checks. All of them are one program, so that what they
 * share is checked once. A mutant has virtual copies of the files that it edits, and of those that
 * import them, beside the originals.
 */
import { basename, join } from 'node:path';
import ts from 'typescript';
import { applyEdits } from './apply.ts';
import { ASSERTIONS_OFF } from './bundle.ts';
import { MUTANTS } from './catalogue.ts';
import { type CoreSources, packageRoot, readCoreSources } from './core-sources.ts';
import type { Mutant } from './mutant.ts';

type Checked = Pick<Mutant, 'id' | 'edits'>;

/** Made up: the folder of the virtual copies. */
const FOLDER = '.mutants';

/** One sentence per type error, in the order of the mutants. */
export function typeErrors(mutants: readonly Checked[]): readonly string[] {
  const root = packageRoot();
  const copies = copyAll(root, readCoreSources(root), mutants);
  const options = compilerOptions(root);
  const host = hostWith(copies, ts.createCompilerHost(options), root);
  const program = ts.createProgram([...copies.keys()], options, host);
  return [...copies.keys()].flatMap((path) => errorsIn(program, path, root));
}

/** Text of every virtual file, by its path. */
function copyAll(
  root: string,
  sources: CoreSources,
  mutants: readonly Checked[],
): ReadonlyMap<string, string> {
  const copies = new Map<string, string>();
  for (const mutant of mutants) {
    const edited = applyEdits(mutant, sources);
    for (const file of withImporters([...edited.keys()], sources)) {
      const path = join(root, FOLDER, mutant.id, basename(file));
      copies.set(path, edited.get(file) ?? sources.get(file)!);
    }
  }
  return copies;
}

/** The files, and all that import one of them, at once or through others. */
function withImporters(files: readonly string[], sources: CoreSources): ReadonlySet<string> {
  const found = new Set(files);
  // A set hands out what is added to it on the way.
  for (const file of found) {
    const specifier = `from './${basename(file)}'`;
    for (const [other, text] of sources) {
      if (text.includes(specifier)) found.add(other);
    }
  }
  return found;
}

function compilerOptions(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  const imports = { rewriteRelativeImportExtensions: false, allowImportingTsExtensions: true };
  return { ...options, ...imports, types: [] };
}

/** A host that knows the copies, and resolves their imports to other copies of the same mutant. */
function hostWith(
  copies: ReadonlyMap<string, string>,
  host: ts.CompilerHost,
  root: string,
): ts.CompilerHost {
  const resolved = (path: string): ts.ResolvedModuleWithFailedLookupLocations => ({
    resolvedModule: { resolvedFileName: path, extension: ts.Extension.Ts },
  });
  return {
    ...host,
    fileExists: (path) => copies.has(path) || host.fileExists(path),
    readFile: (path) => copies.get(path) ?? host.readFile(path),
    getSourceFile: (path, version, ...rest) => {
      const text = copies.get(path);
      if (text === undefined) return host.getSourceFile(path, version, ...rest);
      return ts.createSourceFile(path, text, version);
    },
    resolveModuleNameLiterals: (literals, containingFile) =>
      literals.map(({ text }) => {
        const beside = join(containingFile, '..', text);
        return resolved(copies.has(beside) ? beside : join(root, 'core', text));
      }),
  };
}

function errorsIn(program: ts.Program, path: string, root: string): string[] {
  const file = program.getSourceFile(path)!;
  const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  return found.map(({ start, messageText }) => {
    const line = file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    const place = `${path.slice(join(root, FOLDER).length + 1)}:${line}`;
    return `${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

if (process.argv[1] === import.meta.filename) {
  const checked = [{ id: 'assertions-off', edits: [ASSERTIONS_OFF] }, ...MUTANTS];
  const errors = typeErrors(checked);
  for (const error of errors) console.error(error);
  console.log(`${MUTANTS.length} mutants type-checked: ${errors.length} errors`);
  process.exitCode = errors.length === 0 ? 0 : 1;
}
