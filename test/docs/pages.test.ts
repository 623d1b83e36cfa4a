/** What every page of the documentation keeps to. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, linksOf, PAGES, proseOf, REPOSITORY, read } from './documents.ts';

const manifest = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };

describe.each(PAGES)('%s', (page) => {
  it('has links that lead somewhere', () => {
    const dead = linksOf(page).filter(({ path, anchor }) => {
      if (!existsSync(join(REPOSITORY, path))) return true;
      return anchor !== null && !anchorsOf(path).includes(anchor);
    });
    expect(dead.map(({ target }) => target)).toEqual([]);
  });

  it('names files that are there', () => {
    const folders = 'core|invariants|sim|scenarios|cli|test|bench|docs|examples|schemas';
    const paths = [...proseOf(page).matchAll(new RegExp(`\`((?:${folders})/[\\w./-]*)\``, 'g'))];
    const missing = paths
      .map(([, path]) => path!)
      .filter((path) => !existsSync(join(REPOSITORY, path)));
    expect(missing).toEqual([]);
  });

  it('names scripts that package.json has', () => {
    const named = [...read(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });

  it('leaves nothing to be done, and names no machine', () => {
    const text = read(page);
    expect(text).not.toMatch(/\b(TODO|FIXME|XXX|TBD)\b/);
    expect(text).not.toMatch(/(^|[\s`"'(])\/(home|root|tmp|work|Users|usr|var)\//m);
    expect(text).not.toMatch(/registry\.(npm|yarn)|npmjs|localhost|127\.0\.0\.1/);
  });
});
