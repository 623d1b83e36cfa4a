import { describe, expect, it } from 'vitest';
import { loadMutants } from '../../scenarios/mutants/catalogue-file.ts';
import { packageRoot, readCoreSources } from '../../scenarios/mutants/core-sources.ts';
import { isKillable } from '../../scenarios/mutants/mutant.ts';
import { UsageError } from '../../sim/usage-error.ts';

const SOURCES = readCoreSources(packageRoot());
const EDIT = `{file: core/quorum.ts, find: "let count = 0;", replace: "let count = 1;"}`;

function load(text: string, name = 'mutants.yaml') {
  return loadMutants(text, name, SOURCES);
}

describe('loadMutants', () => {
  it('reads a list, in YAML', () => {
    const [mutant] = load(`- id: a\n  edits: [${EDIT}]\n`);
    expect(mutant).toEqual({
      id: 'a',
      title: 'a',
      needs: '',
      edits: [{ file: 'core/quorum.ts', find: 'let count = 0;', replace: 'let count = 1;' }],
      breaks: [],
      section: '',
      source: [],
    });
    expect(isKillable(mutant!)).toBe(true);
  });

  it('reads a group, in JSON', () => {
    const edits = [{ file: 'core/quorum.ts', find: 'let count = 0;', replace: '' }];
    const mutants = [
      {
        id: 'a',
        title: 'A title',
        needs: ['this', 'that'],
        edits,
        breaks: ['log-matching'],
        source: 'a/b#1',
        legal: true,
      },
      { id: 'b', edits, survivor: 'Because.' },
    ];
    const loaded = load(JSON.stringify({ mutants }), 'mutants.json');
    expect(loaded[0]).toMatchObject({ title: 'A title', needs: 'this, that', source: ['a/b#1'] });
    expect(loaded.map(isKillable)).toEqual([false, false]);
  });

  it.each([
    [
      'an unknown file',
      'file: core/rules.ts',
      'file: core/rulez.ts',
      /Did you mean "core\/rules.ts"/,
    ],
    ['a file outside the core', 'core/rules.ts', '../core/rules.ts', /Expected a file of the core/],
    [
      'a text that is not there',
      'votedFor ===',
      'nothing ===',
      /which stands 0 times \(\[0\]\.edits\[0\]\.find/,
    ],
    ['a text that is there often', 'return votedFor ===', 'return', /which stands \d+ times/],
    ['an id with blanks', 'id: a', 'id: a b', /kebab-case/],
    ['a key with a slip', 'edits:', 'edit:', /Did you mean "edits"/],
    ['an unknown property', 'log-matching', 'log-mtching', /Did you mean "log-matching"/],
    ['no edits', /edits: .*/, 'edits: []', /Expected a list of 1 to 100 items, got \[\]/],
    ['a number for an id', 'id: a', 'id: 3', /got 3 \(\[0\]\.id, mutants\.yaml:1:3\)/],
  ])('refuses %s in one sentence', (_what, find, replace, message) => {
    const good =
      '- id: a\n  edits: [{file: core/rules.ts, find: "return votedFor ===", replace: ""}]\n' +
      '  breaks: [log-matching]\n';
    const text = good.replace(find, replace);
    expect(() => load(text)).toThrow(UsageError);
    expect(() => load(text)).toThrow(message);
    expect(() => load(text)).toThrow(/^Expected [^\n]+$/);
  });

  it('refuses an id that is taken', () => {
    const twice = `- id: a\n  edits: [${EDIT}]\n`.repeat(2);
    expect(() => load(twice)).toThrow('an id of its own, got "a" once more ([1].id, ');
  });

  it.each(['', '[]', '3', 'null', '{}', 'a: [', '"text"'])('refuses the text %j', (text) => {
    expect(() => load(text)).toThrow(UsageError);
  });
});
