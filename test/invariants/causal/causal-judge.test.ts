import { describe, expect, it } from 'vitest';
import { PROGRAM_PROPERTIES } from '../../../invariants/causal/program-properties.ts';
import { PROGRAM_CASES } from './program.cases.ts';

describe('properties of opaque programs', () => {
  it.each(PROGRAM_CASES)('$property: $story', ({ property, rule, bad, good }) => {
    expect(bad().findings[0]).toBe(`${property}/${rule}`);
    expect(good().findings).toEqual([]);
  });

  it('have a case each', () => {
    const told = new Set(PROGRAM_CASES.map(({ property }) => property));
    const untold = PROGRAM_PROPERTIES.filter(({ id }) => !told.has(id)).map(({ id }) => id);
    expect(untold).toEqual([]);
  });
});
