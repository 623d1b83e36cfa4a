/** Where the code of the supervising thread is: built beside this module, or still to be built. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as esbuild from 'esbuild';

/**
 * From the sources it is built in memory: a thread can load TypeScript only with help of the thread
 * that has opened it, and that one blocks.
 */
export function supervisorSource(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  if (!isSource) return new URL('./stdio-supervisor-worker.js', import.meta.url);
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof esbuild;
  const built = buildSync({
    entryPoints: [fileURLToPath(new URL('./stdio-supervisor-worker.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  return new URL(`data:text/javascript,${encodeURIComponent(built.outputFiles[0]!.text)}`);
}
