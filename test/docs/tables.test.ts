/**
 * The tables of the documentation are those that the program would print. UPDATE_DOCS=1 writes them
 * anew: read the difference before it is committed.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES, REPOSITORY, read } from './documents.ts';
import { tables, withTables } from './tables.ts';

describe('the tables of the documentation', () => {
  it.each(PAGES)('are in step with the program: %s', (page) => {
    const before = read(page);
    const { text } = withTables(before);
    if (process.env['UPDATE_DOCS'] === '1' && text !== before) {
      writeFileSync(join(REPOSITORY, page), text);
    } else expect(text).toBe(before);
  });

  it('leave nothing out', () => {
    const shown = new Set(PAGES.flatMap((page) => withTables(read(page)).names));
    expect([...tables().keys()].filter((name) => !shown.has(name))).toEqual([]);
    expect([...shown].filter((name) => !tables().has(name))).toEqual([]);
  });
});
