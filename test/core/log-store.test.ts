import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssertionError } from '../../core/assert.ts';
import { LogStore } from '../../core/log-store.ts';
import type { Entry } from '../../core/messages.ts';
import { entriesOf } from './cluster.ts';

/** The dumb version: nothing is ever forgotten but what a real log must not be asked for. */
interface Model {
  /** All entries, compacted ones included; null where only the term is known, or nothing. */
  terms: number[];
  entries: (Entry | null)[];
  base: number;
}

describe('LogStore', () => {
  it('behaves like a plain array that is counted from 1', () => {
    const at = fc.nat({ max: 400 });
    const operation = fc.oneof(
      fc.record({ kind: fc.constant('append'), value: fc.nat({ max: 2 }) }),
      fc.record({ kind: fc.constant('append'), value: fc.nat({ max: 2 }) }),
      fc.record({ kind: fc.constant('appendMany'), value: fc.nat({ max: 100 }) }),
      fc.record({ kind: fc.constant('truncate'), value: at }),
      fc.record({ kind: fc.constant('compact'), value: at }),
      fc.record({ kind: fc.constant('compactAll'), value: at }),
      fc.record({ kind: fc.constant('restart'), value: fc.nat({ max: 4 }) }),
      fc.record({ kind: fc.constant('clone'), value: at }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        let log = new LogStore([]);
        const model: Model = { terms: [0], entries: [null], base: 0 };
        for (const { kind, value } of operations) {
          if (kind === 'clone') log = log.clone();
          else operate(log, model, kind, value);
          expectSame(log, model);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('has a base: index 0 with term 0 is in every log that was never compacted', () => {
    const log = new LogStore([]);
    expect(log.lastIndex).toBe(0);
    expect(log.lastTerm).toBe(0);
    expect(log.termAt(0)).toBe(0);
    expect(log.has(0, 0)).toBe(true);
    expect(log.has(0, 1)).toBe(false);
    expect(log.has(1, 0)).toBe(false);
  });

  it('ends at its base when everything has been compacted', () => {
    const log = new LogStore(entriesOf([1, 2, 2]));
    log.compactTo(3);
    expect([log.lastIndex, log.lastTerm]).toEqual([3, 2]);
    expect(log.has(3, 2)).toBe(true);
    expect(log.has(2, 2)).toBe(false);
    log.restartAt(7, 4);
    expect([log.baseIndex, log.lastIndex, log.lastTerm]).toEqual([7, 7, 4]);
  });

  it('refuses what cannot be', () => {
    const log = new LogStore(entriesOf([1, 2]));
    expect(() => log.termAt(3)).toThrow(AssertionError);
    expect(() => log.entryAt(0)).toThrow(AssertionError);
    expect(() => log.truncateFrom(0)).toThrow(AssertionError);
    expect(() => log.truncateFrom(3)).toThrow(AssertionError);
    expect(() => log.slice(1, 3)).toThrow(AssertionError);
    expect(() => log.compactTo(3)).toThrow('compacts what it has: 3, 2');
    expect(() => log.append({ term: 1, command: null })).toThrow('terms never fall in a log: 1, 2');
  });

  it('gives nothing back that it has compacted', () => {
    const log = new LogStore(entriesOf([1, 1, 2, 2]));
    log.compactTo(2);
    expect(() => log.termAt(1)).toThrow(AssertionError);
    expect(() => log.entryAt(2)).toThrow(AssertionError);
    expect(() => log.slice(2, 3)).toThrow(AssertionError);
    expect(() => log.truncateFrom(2)).toThrow(AssertionError);
    expect(() => log.compactTo(1)).toThrow('the base never falls: 1, 2');
    expect(() => log.restartAt(1, 1)).toThrow('the base never falls: 1, 2');
  });

  it('shares entries with its clone, and nothing else', () => {
    const log = new LogStore(entriesOf([1, 2, 2]));
    log.compactTo(1);
    const clone = log.clone();
    log.truncateFrom(3);
    log.compactTo(2);
    expect([clone.baseIndex, clone.lastIndex]).toEqual([1, 3]);
    expect(clone.entryAt(2).term).toBe(2);
  });
});

function operate(log: LogStore, model: Model, kind: string, value: number): void {
  const last = model.terms.length - 1;
  if (kind === 'append' || kind === 'appendMany') {
    const count = kind === 'append' ? 1 : value;
    const term = model.terms[last]! + (kind === 'append' ? value : 1);
    for (let added = 0; added < count; added += 1) {
      const entry: Entry = { term, command: null };
      log.append(entry);
      model.terms.push(term);
      model.entries.push(entry);
    }
  } else if (kind === 'truncate') {
    if (value <= model.base || value > last) return;
    log.truncateFrom(value);
    model.terms.length = value;
    model.entries.length = value;
  } else if (kind === 'restart') {
    log.restartAt(last + value, model.terms[last]! + value);
    for (let added = 0; added < value; added += 1) {
      model.terms.push(model.terms[last]! + value);
      model.entries.push(null);
    }
    model.base = last + value;
  } else {
    const base = kind === 'compactAll' ? last : value;
    if (base < model.base || base > last) return;
    log.compactTo(base);
    model.base = base;
  }
}

function expectSame(log: LogStore, model: Model): void {
  const last = model.terms.length - 1;
  expect([log.baseIndex, log.baseTerm]).toEqual([model.base, model.terms[model.base]]);
  expect([log.lastIndex, log.lastTerm]).toEqual([last, model.terms[last]]);
  expect(log.slice(model.base + 1, last)).toEqual(model.entries.slice(model.base + 1));
  for (let index = model.base; index <= last; index += 1) {
    const term = model.terms[index]!;
    if (index > model.base) expect(log.entryAt(index)).toBe(model.entries[index]);
    expect(log.termAt(index)).toBe(term);
    expect(log.has(index, term)).toBe(true);
    expect(log.has(index, term + 1)).toBe(false);
  }
  expect(log.slice(model.base + 2, last)).toEqual(model.entries.slice(model.base + 2));
  expect(log.slice(model.base + 1, model.base)).toEqual([]);
}
