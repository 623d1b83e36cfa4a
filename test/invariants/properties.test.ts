/** Each property fires in its bad history, first of all, and is silent in the good twin. */
import { describe, expect, test } from 'vitest';
import { PROPERTIES } from '../../invariants/properties.ts';
import type { Case } from './case.ts';
import { CLIENT_CASES } from './clients.cases.ts';
import { COMMIT_CASES } from './commit.cases.ts';
import { ELECTION_CASES } from './elections.cases.ts';
import { LIVENESS_CASES } from './liveness.cases.ts';
import { MEMBERSHIP_CASES } from './membership.cases.ts';
import { OPERATOR_CASES } from './operators.cases.ts';
import { READ_CASES } from './reads.cases.ts';
import { RECONFIGURED_CASES } from './reconfigured.cases.ts';
import { REPLICATION_CASES } from './replication.cases.ts';
import { SESSION_CASES } from './sessions.cases.ts';
import { SNAPSHOT_CASES } from './snapshots.cases.ts';
import { STORAGE_CASES } from './storage.cases.ts';

const CASES: readonly Case[] = [
  ...ELECTION_CASES,
  ...REPLICATION_CASES,
  ...COMMIT_CASES,
  ...STORAGE_CASES,
  ...SNAPSHOT_CASES,
  ...MEMBERSHIP_CASES,
  ...OPERATOR_CASES,
  ...CLIENT_CASES,
  ...READ_CASES,
  ...SESSION_CASES,
  ...LIVENESS_CASES,
  ...RECONFIGURED_CASES,
];

describe.each(CASES)('$property: $story', ({ property, rule, bad, good }) => {
  test(`is found as ${rule}`, () => {
    expect(bad().findings[0]).toBe(`${property}/${rule}`);
  });

  test('done right, is silent', () => {
    expect(good().findings).toEqual([]);
  });

  test('is told with values, and identified without them', () => {
    const { violations } = bad().end().judge;
    const found = violations.find((violation) => violation.property === property)!;
    expect(found.sentence).toBe(PROPERTIES.find(({ id }) => id === property)!.sentence);
    expect(found.fingerprint).not.toMatch(/[0-9]/);
    expect(found.fingerprint).toMatch(new RegExp(`^${property}/${rule}/`));
    expect(found.detail).toMatch(/^[A-Z0-9"].*\d.*\.$/);
  });
});

describe('the list of properties', () => {
  test('has a bad history for each', () => {
    const told = new Set(CASES.map(({ property }) => property));
    expect(PROPERTIES.map(({ id }) => id).filter((id) => !told.has(id))).toEqual([]);
  });

  test('has one id and one sentence for each', () => {
    expect(new Set(PROPERTIES.map(({ id }) => id)).size).toBe(PROPERTIES.length);
    expect(new Set(PROPERTIES.map(({ sentence }) => sentence)).size).toBe(PROPERTIES.length);
    for (const { sentence, section, facts } of PROPERTIES) {
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(section).not.toBe('');
      expect(facts.length).toBeGreaterThan(0);
    }
  });
});
