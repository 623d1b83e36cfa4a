import { describe, expect, it } from 'vitest';
import { typeErrors } from '../../scenarios/mutants/typecheck.ts';

function checked(file: string, find: string, replace: string) {
  return { id: 'made-up', edits: [{ file, find, replace }] };
}

describe('typeErrors', () => {
  it('finds nothing in a mutant that type-checks', () => {
    expect(typeErrors([checked('core/quorum.ts', 'let count = 0;', 'let count = 1;')])).toEqual([]);
  });

  it('finds a wrong type in the edited file', () => {
    const [error] = typeErrors([checked('core/quorum.ts', 'let count = 0;', "let count = '';")]);
    expect(error).toMatch(/^made-up\/quorum\.ts:\d+: Type 'string' is not assignable/);
  });

  it('finds what an edit breaks in other files', () => {
    const renamed = checked('core/quorum.ts', 'export function voteResult', 'export function vote');
    expect(typeErrors([renamed])[0]).toMatch(/^made-up\/election\.ts:\d+: .*voteResult/);
  });

  it('keeps mutants apart', () => {
    const bad = { ...checked('core/quorum.ts', 'let count = 0;', "let count = '';"), id: 'bad' };
    const good = {
      ...checked('core/rules.ts', 'return votedFor ===', 'return votedFor =='),
      id: 'good',
    };
    const errors = typeErrors([bad, good]);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.filter((error) => !error.startsWith('bad/'))).toEqual([]);
  });
});
