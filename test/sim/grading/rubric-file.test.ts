import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findSuite } from '../../../scenarios/suites/registry.ts';
import { manifestSchema } from '../../../sim/grading/manifest.ts';
import { rubricSchema, ruleOf, thresholdOf } from '../../../sim/grading/rubric.ts';
import { loadFile } from '../../../sim/load-file.ts';

const EXAMPLE = new URL('../../../examples/grading/rubric.yaml', import.meta.url);

describe('a rubric', () => {
  const rubric = loadFile(readFileSync(EXAMPLE, 'utf8'), 'rubric.yaml', rubricSchema);

  it('is read as it stands in the examples', () => {
    expect(thresholdOf(rubric)).toBe(60);
    expect(ruleOf(rubric, 'A1').points).toBe(2);
    expect(ruleOf(rubric, 'K2').scoring).toBe('steps');
  });

  it('names tests that there are', () => {
    const ids = findSuite('labs')!.tests.map(({ id }) => id);
    for (const name of Object.keys(rubric.tests)) {
      const fits = (id: string) =>
        name.endsWith('*') ? id.startsWith(name.slice(0, -1)) : id === name;
      expect(ids.some(fits), name).toBe(true);
    }
  });

  it.each([
    ['version: 1\nthreshhold: 60', /threshhold.*Did you mean "threshold"/],
    ['version: 1\nseeds: {public: -1}', /seeds\.public, rubric\.yaml:2:9/],
    ['version: 1\ntests: [', /rubric\.yaml/],
  ])('that is wrong is refused in one sentence (%s)', (text, words) => {
    expect(() => loadFile(text, 'rubric.yaml', rubricSchema)).toThrow(words);
  });
});

describe('a manifest', () => {
  it('that is wrong is refused in one sentence', () => {
    const load = () =>
      loadFile('version: 1\nrun: python raft.py', 'whitewater.yaml', manifestSchema);
    expect(load).toThrow(/^Expected .*run, whitewater\.yaml:2:/);
  });
});
