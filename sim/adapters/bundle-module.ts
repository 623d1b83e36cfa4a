/**
 * Somebody's module, with everything that it imports, as one text of JavaScript. Nothing is
 * written; the text is what a worker loads, and its hash names the implementation.
 */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OutputFile } from 'esbuild';
import { show, UsageError } from '../usage-error.ts';
import { HarnessError } from './harness-error.ts';

export interface Bundle {
  readonly code: string;
  /** 16 hexadecimal digits of the hash of the code. */
  readonly hash: string;
  /** Source map of the code, with the text of the sources. */
  readonly map: string;
}

/** A CommonJS package may still require a Node module when it runs. */
const REQUIRE =
  "import{createRequire as hostRequire}from'node:module';globalThis.require??=hostRequire('/');";

/**
 * Bundles a TypeScript or JavaScript module. Throws a UsageError when there is no such file, and a
 * HarnessError when it does not build.
 */
export async function bundleModule(path: string): Promise<Bundle> {
  const entry = resolve(path);
  if (!existsSync(entry)) throw new UsageError(`There is no file ${show(path)}.`);
  if (!statSync(entry).isFile()) {
    throw new UsageError(`Expected a module file, got ${show(path)}, which is none.`);
  }
  const { build } = await import('esbuild');
  try {
    const result = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      // The name of a class or function may show in a body: keep it.
      keepNames: true,
      banner: { js: REQUIRE },
      sourcemap: 'external',
      // Nothing is written; a map must have a place to be relative to.
      outfile: 'bundle.js',
      logLevel: 'silent',
    });
    const [map, code] = ['.js.map', '.js'].map((end) => textOf(result.outputFiles, end));
    return { code: code!, hash: hashOf(code!), map: map! };
  } catch (error) {
    throw new HarnessError(`${show(path)} does not build: ${firstBuildError(error)}`, {
      cause: error,
    });
  }
}

function textOf(files: readonly OutputFile[], end: string): string {
  return files.find(({ path }) => path.endsWith(end))!.text;
}

/** 16 hexadecimal digits that name this code. */
export function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex').slice(0, 16);
}

interface BuildError {
  readonly errors: readonly {
    readonly text: string;
    readonly location: {
      readonly file: string;
      readonly line: number;
      readonly column: number;
    } | null;
  }[];
}

/** One sentence, with file, line and column where they are known. */
export function firstBuildError(error: unknown): string {
  const first = (error as Partial<BuildError>).errors?.[0];
  if (first === undefined) return String(error).split('\n')[0]!;
  const { text, location } = first;
  const sentence = text.endsWith('.') ? text : `${text}.`;
  if (location === null) return sentence;
  return `${sentence.slice(0, -1)} (${location.file}:${location.line}:${location.column + 1}).`;
}
