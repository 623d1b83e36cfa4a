/**
 * What a submitted module may import: files of its own folder, wherever links lead, and what Node has
 * that touches nothing outside, and the bench's own kit. A bundler reads with the rights of who grades: without this an import
 * of `../secret.json` would carry a teacher's secret into the submission.
 */
import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { PartialMessage, Plugin } from 'esbuild';
import { show } from '../usage-error.ts';

/** Modules of Node that neither read nor reach anything. */
const HARMLESS: readonly string[] = [
  'assert',
  'assert/strict',
  'buffer',
  'events',
  'querystring',
  'string_decoder',
  'url',
  'util',
];

export interface Confinement {
  /** The real path of the submission's folder. */
  readonly root: string;
  /** Files of ours that are part of the bundle, with all that they import. */
  readonly kit: ReadonlySet<string>;
  /** Files of ours that may be imported by name. */
  readonly named: Readonly<Record<string, string>>;
  /** What the teacher does not allow: names or beginnings of names. */
  readonly deniedImports: readonly string[];
  /** Packages that may not be used; `*`: none may. */
  readonly deniedPackages: '*' | readonly string[];
}

/** `own`: what the bundle begins with, by whole paths. */
export function confinedResolver(confinement: Confinement, own: readonly string[]): Plugin {
  return {
    name: 'confined',
    setup(build) {
      const asking = { isAsking: true };
      build.onResolve(
        { filter: /.*/ },
        async ({ path, importer, kind, resolveDir, pluginData }) => {
          if (pluginData === asking || kind === 'entry-point') return null;
          if (confinement.kit.has(importer) || (isStart(importer) && own.includes(path)))
            return null;
          const refusal = refusedName(path, confinement);
          if (refusal !== null) return refused(path, refusal);
          if (Object.hasOwn(confinement.named, path)) return { path: confinement.named[path]! };
          const bare = path.replace(/^node:/, '');
          if (HARMLESS.includes(bare)) return { path: `node:${bare}`, external: true };
          if (path.startsWith('node:') || isOfNode(bare)) return refused(path, OF_NODE);
          const found = await build.resolve(path, {
            kind,
            importer,
            resolveDir,
            pluginData: asking,
          });
          if (found.errors.length > 0) return { errors: found.errors };
          if (found.external) return refused(path, OF_NODE);
          if (found.namespace !== 'file') return found;
          return isInside(confinement.root, found.path) ? found : refused(path, OUTSIDE);
        },
      );
    },
  };
}

function isStart(importer: string): boolean {
  return importer === '<start>' || importer.endsWith(`${sep}<start>`);
}

const OUTSIDE = 'it lies outside the submission';
const OF_NODE = 'a server talks to the bench alone';

/** The first input that lies outside; null when all are where they may be. */
export function strayInput(inputs: readonly string[], { root, kit }: Confinement): string | null {
  for (const input of inputs) {
    const path = resolve(root, input);
    if (!kit.has(path) && input !== '<start>' && !isInside(root, path)) return input;
  }
  return null;
}

/** Links followed: what counts is where the text is. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, realPath(path));
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(dirname(path), path);
  }
}

function refusedName(
  path: string,
  { deniedImports, deniedPackages, named }: Confinement,
): string | null {
  const bare = path.replace(/^node:/, '');
  if (deniedImports.some((name) => bare === name || bare.startsWith(`${name}/`))) {
    return 'it is not allowed here';
  }
  if (path.startsWith('.') || isAbsolute(path) || HARMLESS.includes(bare)) return null;
  if (Object.hasOwn(named, path)) return null;
  const name = path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
  if (name === 'whitewater') return 'a submission is a Raft of its own';
  const isDenied = deniedPackages === '*' || deniedPackages.includes(name);
  return isDenied && !path.startsWith('node:') && !isOfNode(bare)
    ? 'packages are not allowed here'
    : null;
}

const OF_NODE_NAMES =
  /^(async_hooks|child_process|cluster|console|constants|crypto|dgram|diagnostics_channel|dns|domain|fs|http|http2|https|inspector|module|net|os|path|perf_hooks|process|punycode|readline|repl|sea|sqlite|stream|test|timers|tls|trace_events|tty|v8|vm|wasi|worker_threads|zlib)(\/|$)/;

function isOfNode(name: string): boolean {
  return OF_NODE_NAMES.test(name);
}

function refused(path: string, why: string): { errors: PartialMessage[] } {
  return { errors: [{ text: `The import of ${show(path)} is refused: ${why}` }] };
}
