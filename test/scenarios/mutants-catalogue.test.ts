import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROPERTIES } from '../../invariants/properties.ts';
import { applyEdits } from '../../scenarios/mutants/apply.ts';
import { MUTANTS, mutantOf } from '../../scenarios/mutants/catalogue.ts';
import { packageRoot, readCoreSources } from '../../scenarios/mutants/core-sources.ts';
import { isKillable, type Mutant } from '../../scenarios/mutants/mutant.ts';

const SOURCES = readCoreSources(packageRoot());

describe('catalogue', () => {
  it('has an id of its own for every mutant', () => {
    const ids = MUTANTS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
    expect(mutantOf('revote-same-term')?.section).toBe('§5.2');
    expect(mutantOf('none-such')).toBeNull();
  });

  it.each(MUTANTS)('$id: every edit fits the core, and changes it', (mutant) => {
    const edited = applyEdits(mutant, SOURCES);
    for (const [file, text] of edited) expect(text).not.toBe(SOURCES.get(file));
  });

  it('has no edit twice: mutants differ', () => {
    const texts = MUTANTS.map(({ edits }) => JSON.stringify(edits));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('says of each mutant what it breaks, or why it breaks nothing', () => {
    for (const mutant of MUTANTS) {
      const { id, breaks, legal, survivor } = mutant;
      expect([id, breaks.length > 0]).toEqual([id, isKillable(mutant)]);
      expect([id, legal !== undefined && survivor !== undefined]).toEqual([id, false]);
    }
  });

  it('names properties that are judged', () => {
    const known = new Set(PROPERTIES.map(({ id }) => id));
    const unknown = MUTANTS.flatMap(({ breaks }) => breaks).filter((id) => !known.has(id));
    expect(unknown).toEqual([]);
  });

  it('has a title of one line, a section and a source for each', () => {
    for (const { id, title, section, source } of MUTANTS) {
      expect([id, title.length <= 100, title.endsWith('.')]).toEqual([id, true, false]);
      expect([id, section !== '', source.length > 0]).toEqual([id, true, true]);
    }
  });
});

/** The table of docs/mutants.md, as the catalogue says it should be. */
function tableOf(mutants: readonly Mutant[]): string {
  const rows = mutants.map(({ id, title, section, breaks, legal }) => {
    const nothing = legal === undefined ? 'nothing: survives' : 'nothing: legal';
    const what = breaks.length === 0 ? nothing : breaks.join(', ');
    return `| \`${id}\` | ${title} | ${section} | ${what} |`;
  });
  return ['| id | what is wrong | rule | breaks |', '|---|---|---|---|', ...rows].join('\n');
}

describe('docs/mutants.md', () => {
  const text = readFileSync(join(packageRoot(), 'docs/mutants.md'), 'utf8');

  it('lists the mutants of the catalogue', () => {
    const table = text.slice(text.indexOf('| id |')).split('\n\n')[0]!.trim();
    expect(table).toBe(tableOf(MUTANTS));
  });

  it('tells why survivors survive and legal ones are legal', () => {
    for (const { id, legal, survivor } of MUTANTS) {
      const reason = legal ?? survivor;
      if (reason !== undefined) expect(text).toContain(`- \`${id}\`: ${reason}`);
    }
  });
});
