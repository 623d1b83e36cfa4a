import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssertionError } from '../../core/assert.ts';
import { LogStore } from '../../core/log-store.ts';
import type { Entry } from '../../core/messages.ts';
import { entriesOf } from './cluster.ts';

describe('LogStore', () => {
  it('behaves like a plain array that is counted from 1', () => {
    const operation = fc.oneof(
      fc.record({ kind: fc.constant('append'), rise: fc.nat({ max: 2 }) }),
      fc.record({ kind: fc.constant('truncate'), at: fc.nat({ max: 20 }) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        const log = new LogStore([]);
        const model: Entry[] = [];
        for (const step of operations) {
          if ('rise' in step) {
            const entry: Entry = { term: (model.at(-1)?.term ?? 0) + step.rise, command: null };
            log.append(entry);
            model.push(entry);
          } else if (step.at >= 1 && step.at <= model.length) {
            log.truncateFrom(step.at);
            model.length = step.at - 1;
          }
          expectSame(log, model);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('has a sentinel: index 0 with term 0 is in every log', () => {
    const log = new LogStore([]);
    expect(log.lastIndex).toBe(0);
    expect(log.lastTerm).toBe(0);
    expect(log.termAt(0)).toBe(0);
    expect(log.has(0, 0)).toBe(true);
    expect(log.has(0, 1)).toBe(false);
    expect(log.has(1, 0)).toBe(false);
  });

  it('refuses what cannot be', () => {
    const log = new LogStore(entriesOf([1, 2]));
    expect(() => log.termAt(3)).toThrow(AssertionError);
    expect(() => log.entryAt(0)).toThrow(AssertionError);
    expect(() => log.truncateFrom(0)).toThrow(AssertionError);
    expect(() => log.truncateFrom(3)).toThrow(AssertionError);
    expect(() => log.slice(1, 3)).toThrow(AssertionError);
    expect(() => log.append({ term: 1, command: null })).toThrow('terms never fall in a log: 1, 2');
  });

  it('shares entries with its clone, and nothing else', () => {
    const log = new LogStore(entriesOf([1, 2]));
    const clone = log.clone();
    log.truncateFrom(2);
    expect(clone.lastIndex).toBe(2);
    expect(clone.entryAt(1)).toBe(log.entryAt(1));
  });
});

function expectSame(log: LogStore, model: readonly Entry[]): void {
  expect(log.lastIndex).toBe(model.length);
  expect(log.lastTerm).toBe(model.at(-1)?.term ?? 0);
  expect(log.slice(1, log.lastIndex)).toEqual(model);
  for (const [at, entry] of model.entries()) {
    expect(log.entryAt(at + 1)).toBe(entry);
    expect(log.termAt(at + 1)).toBe(entry.term);
    expect(log.has(at + 1, entry.term)).toBe(true);
    expect(log.has(at + 1, entry.term + 1)).toBe(false);
  }
  expect(log.slice(2, model.length)).toEqual(model.slice(1));
  expect(log.slice(1, 0)).toEqual([]);
}
