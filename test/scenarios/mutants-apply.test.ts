import { describe, expect, it } from 'vitest';
import { applyEdits, EditError } from '../../scenarios/mutants/apply.ts';
import { packageRoot, readCoreSources } from '../../scenarios/mutants/core-sources.ts';

const SOURCES = new Map([
  ['core/a.ts', 'one two\ntwo three\n'],
  ['core/b.ts', 'four\n'],
]);

function edit(file: string, find: string, replace: string) {
  return applyEdits({ id: 'm', edits: [{ file, find, replace }] }, SOURCES);
}

describe('applyEdits', () => {
  it('gives the edited files, whole, and no other', () => {
    expect([...edit('core/a.ts', 'three', '3')]).toEqual([['core/a.ts', 'one two\ntwo 3\n']]);
  });

  it('leaves the sources as they were', () => {
    edit('core/a.ts', 'three', '3');
    expect(SOURCES.get('core/a.ts')).toBe('one two\ntwo three\n');
  });

  it('applies an edit to what the edits before it have left', () => {
    const edits = [
      { file: 'core/a.ts', find: 'one', replace: 'two' },
      { file: 'core/a.ts', find: 'two two', replace: 'four' },
    ];
    const edited = applyEdits({ id: 'm', edits }, SOURCES);
    expect(edited.get('core/a.ts')).toBe('four\ntwo three\n');
  });

  it('takes both texts as they are: no pattern, no reference', () => {
    expect(edit('core/b.ts', 'four', '$& $1').get('core/b.ts')).toBe('$& $1\n');
    expect(() => edit('core/b.ts', 'f..r', '')).toThrow(EditError);
  });

  it.each([
    ['core/a.ts', 'six', /"six", which stands 0 times/],
    ['core/a.ts', 'two', /"two", which stands 2 times/],
    ['core/c.ts', 'two', /got "core\/c.ts"/],
  ])('refuses %s: %s', (file, find, message) => {
    expect(() => edit(file, find, '')).toThrow(message);
  });

  it('names the nearest file', () => {
    const sources = readCoreSources(packageRoot());
    const edits = [{ file: 'core/rulez.ts', find: 'x', replace: '' }];
    try {
      applyEdits({ id: 'm', edits }, sources);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ edit: 0, key: 'file', nearest: 'core/rules.ts' });
    }
  });
});

describe('readCoreSources', () => {
  it('reads every file of the core, with LF', () => {
    const sources = readCoreSources(packageRoot());
    expect([...sources.keys()]).toContain('core/raft-server.ts');
    expect([...sources.values()].some((text) => text.includes('\r'))).toBe(false);
  });
});
