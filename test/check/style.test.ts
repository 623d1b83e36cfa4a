import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const REPOSITORY = join(import.meta.dirname, '../..');
const SOURCE_FOLDERS = ['core', 'invariants', 'sim', 'scenarios', 'cli', 'bench'];
const NAMED_FOLDERS = [...SOURCE_FOLDERS, 'test', 'docs'];

const LINES_MAX = 300;
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
/** Names that a tool or a custom of all repositories prescribes. */
const PRESCRIBED = /^(README|LICENSE|CHANGELOG|CONTRIBUTING)(\.md)?$|^__snapshots__$|^\.[a-z]/;
/** Such a name says nothing of the one idea a file should hold. */
const MEANINGLESS = /^(utils?|helpers?|common|misc)(\.|$)/;
const GENERATED = new Set(['node_modules', 'dist', '.whitewater']);

/** Every path below a folder of the repository, folders included, relative to the repository. */
function pathsBelow(folder: string): string[] {
  if (!existsSync(join(REPOSITORY, folder))) return [];
  return readdirSync(join(REPOSITORY, folder), { withFileTypes: true })
    .filter((child) => !GENERATED.has(child.name) && !child.name.endsWith('.tmp'))
    .flatMap((child) => {
      const path = `${folder}/${child.name}`;
      return child.isDirectory() ? [path, ...pathsBelow(path)] : [path];
    })
    .sort();
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function lineCount(path: string): number {
  return readFileSync(join(REPOSITORY, path), 'utf8').trimEnd().split('\n').length;
}

const sources = SOURCE_FOLDERS.flatMap(pathsBelow).filter((path) => path.endsWith('.ts'));
const named = [...NAMED_FOLDERS, ...NAMED_FOLDERS.flatMap(pathsBelow)];

describe('style', () => {
  it('looks at the sources', () => {
    expect(sources).toContain('core/contract.ts');
    expect(named).toContain('test/check/style.test.ts');
  });

  it(`keeps every source file within ${LINES_MAX} lines`, () => {
    const tooLong = sources
      .map((path) => ({ path, lines: lineCount(path) }))
      .filter(({ lines }) => lines > LINES_MAX);
    expect(tooLong).toEqual([]);
  });

  it('names files and folders in kebab-case', () => {
    const wrong = named.filter((path) => {
      const name = lastName(path);
      return !KEBAB_CASE.test(name) && !PRESCRIBED.test(name);
    });
    expect(wrong).toEqual([]);
  });

  it('names no file or folder after nothing in particular', () => {
    expect(named.filter((path) => MEANINGLESS.test(lastName(path)))).toEqual([]);
  });

  it('leaves no FIXME in a source', () => {
    const marked = sources.filter((path) =>
      readFileSync(join(REPOSITORY, path), 'utf8').includes('FIXME'),
    );
    expect(marked).toEqual([]);
  });
});
