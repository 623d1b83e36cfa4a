import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Corpus } from '../../sim/corpus/corpus.ts';
import {
  CORPUS_FORMAT,
  type CorpusEntry,
  compareSize,
  corpusText,
  fileNameOf,
  isCorpusText,
} from '../../sim/corpus/entry.ts';
import { parseCorpusEntry } from '../../sim/corpus/parse-entry.ts';
import { DEFAULT_PLAN } from '../../sim/load-plan.ts';
import { VERSIONS } from '../../sim/versions.ts';

const SELECTION = { sut: null, mutant: 'revote-same-term', without: [] };

function entryWith(failure: Partial<CorpusEntry['failure']>, seed = '1'): CorpusEntry {
  return {
    format: CORPUS_FORMAT,
    versions: VERSIONS,
    implementation: { id: 'mutant:revote-same-term', hash: '0123456789abcdef' },
    selection: SELECTION,
    failure: {
      kind: 'violation',
      property: 'one-vote-per-term',
      fingerprint: 'one-vote-per-term/vote-changed',
      step: 40,
      firstWrong: null,
      ...failure,
    },
    plan: { ...DEFAULT_PLAN, seed },
  };
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whitewater-corpus-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a kept plan', () => {
  it('comes back from its text as it was', () => {
    const entry = entryWith({ firstWrong: { step: 7, sentence: 'S1 votes twice.' } });
    expect(parseCorpusEntry(corpusText(entry), 'x.json')).toEqual(entry);
    expect(isCorpusText(corpusText(entry))).toBe(true);
    expect(isCorpusText(JSON.stringify(DEFAULT_PLAN))).toBe(false);
  });

  it('is named by its property, and by the kind of a failure that broke none', () => {
    expect(fileNameOf(entryWith({}))).toMatch(/^one-vote-per-term-[0-9a-f]{8}\.json$/);
    const storm = entryWith({ kind: 'storm', property: null, fingerprint: 'storm' });
    expect(fileNameOf(storm)).toMatch(/^storm-[0-9a-f]{8}\.json$/);
    expect(fileNameOf({ ...storm, selection: { ...SELECTION, mutant: null } })).not.toBe(
      fileNameOf(storm),
    );
  });

  it.each([
    ['', 'it is not JSON, or it is cut off'],
    [corpusText(entryWith({})).slice(0, 300), 'it is not JSON, or it is cut off'],
    ['{"format": "whitewater/corpus"}', 'x.json is no kept plan at versions'],
    [corpusText(entryWith({})).replace('"step": 40', '"step": -1'), 'at failure.step'],
    [corpusText(entryWith({})).replace('"size": 3', '"size": 99'), 'x.json, plan: Expected'],
    [corpusText(entryWith({})).replace('"hash"', '"hush"'), 'is no kept plan at implementation'],
  ])('that is damaged is told in one sentence (%#)', (text, sentence) => {
    expect(() => parseCorpusEntry(text, 'x.json')).toThrow(sentence);
  });

  it('is the smaller one that fails after fewer events, or whose plan is shorter', () => {
    expect(compareSize(entryWith({ step: 3 }), entryWith({ step: 4 }))).toBeLessThan(0);
    expect(compareSize(entryWith({}, '7'), entryWith({}, '17'))).toBeLessThan(0);
    expect(compareSize(entryWith({}, '18'), entryWith({}, '17'))).toBeGreaterThan(0);
    expect(compareSize(entryWith({}), entryWith({}))).toBe(0);
  });
});

describe('a corpus', () => {
  it('keeps the smallest plan of each way to fail, whoever comes first', () => {
    const entries = [entryWith({ step: 9 }, '3'), entryWith({ step: 4 }), entryWith({ step: 9 })];
    for (const order of [entries, [...entries].reverse()]) {
      const corpus = new Corpus(join(folder, String(order[0]!.plan.seed)));
      for (const entry of order) corpus.add(entry);
      expect(readdirSync(corpus.folder)).toEqual([fileNameOf(entries[0]!)]);
      expect(new Corpus(corpus.folder).of(SELECTION).map(({ entry }) => entry)).toEqual([
        entries[1],
      ]);
    }
  });

  it('says what it did', () => {
    const corpus = new Corpus(folder);
    expect(corpus.wants(entryWith({}))).toBe(true);
    expect(corpus.add(entryWith({})).how).toBe('new');
    expect(corpus.add(entryWith({})).how).toBe('not smaller');
    expect(corpus.wants(entryWith({ step: 41 }))).toBe(false);
    expect(corpus.add(entryWith({ step: 5 })).how).toBe('smaller');
  });

  it('gives a plan that passes now for one that fails, however big', () => {
    const corpus = new Corpus(folder);
    corpus.add(entryWith({}));
    corpus.noteMended(entryWith({}));
    expect(corpus.wants(entryWith({ step: 400 }))).toBe(true);
    expect(corpus.add(entryWith({ step: 400 })).how).toBe('smaller');
    expect(new Corpus(folder).of(SELECTION)[0]!.entry.failure.step).toBe(400);
  });

  it('has plans apart by what they were kept for', () => {
    const corpus = new Corpus(folder);
    const foreign = { sut: 'raft.ts', mutant: null, without: [] };
    corpus.add(entryWith({}));
    corpus.add({ ...entryWith({}), selection: foreign });
    corpus.add({ ...entryWith({}), selection: { ...foreign, sut: null } });
    for (const selection of [SELECTION, foreign, { ...foreign, sut: null }]) {
      expect(corpus.of(selection).map(({ entry }) => entry.selection)).toEqual([selection]);
    }
    // The same module with one property less is the same module.
    expect(corpus.of({ ...foreign, without: ['log-matching'] })).toHaveLength(1);
  });

  it('leaves what it cannot read as it is, and says so', () => {
    const bad = join(folder, fileNameOf(entryWith({})));
    writeFileSync(bad, '{"format": "whitewater/cor');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const corpus = new Corpus(folder);
    expect(corpus.problems).toEqual([`${bad} is no kept plan: it is not JSON, or it is cut off.`]);
    const { path } = corpus.add(entryWith({}));
    expect(path).toBe(bad.replace('.json', '-2.json'));
    expect(readFileSync(bad, 'utf8')).toBe('{"format": "whitewater/cor');
    expect(readdirSync(folder)).toHaveLength(3);
  });

  it('writes over a plan in the file that it stands in, whatever its name', () => {
    const mine = join(folder, 'my-favourite.json');
    writeFileSync(mine, corpusText(entryWith({})));
    expect(new Corpus(folder).add(entryWith({ step: 2 })).path).toBe(mine);
    expect(readdirSync(folder)).toEqual(['my-favourite.json']);
  });

  it('leaves nothing half-written when it cannot write', () => {
    const path = join(folder, fileNameOf(entryWith({})));
    const corpus = new Corpus(folder);
    corpus.add(entryWith({}));
    // In the way of the file that is renamed.
    rmSync(path);
    mkdirSync(join(path, 'x'), { recursive: true });
    expect(() => corpus.add(entryWith({ step: 2 }))).toThrow();
    expect(readdirSync(folder)).toEqual([fileNameOf(entryWith({}))]);
  });

  it('is no file', () => {
    writeFileSync(join(folder, 'x'), '');
    expect(() => new Corpus(join(folder, 'x'))).toThrow('Expected a folder of plans, got');
  });
});
