/** The TypeScript sources of the core: shipped with the package, beside what is built from them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Text of every file of the core, by its path from the root of the package. */
export type CoreSources = ReadonlyMap<string, string>;

/** The nearest folder above this module with a manifest: also when this is the built module. */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The package has lost its package.json.');
    folder = parent;
  }
  return folder;
}

/** Reads core/*.ts; line ends are LF whatever the checkout made of them. */
export function readCoreSources(root: string): CoreSources {
  const sources = new Map<string, string>();
  for (const name of readdirSync(join(root, 'core')).sort()) {
    if (!name.endsWith('.ts')) continue;
    const text = readFileSync(join(root, 'core', name), 'utf8');
    sources.set(`core/${name}`, text.replaceAll('\r\n', '\n'));
  }
  return sources;
}
