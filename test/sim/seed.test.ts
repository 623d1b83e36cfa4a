import { expect, test } from 'vitest';
import { nextSeed, parseSeed } from '../../sim/seed.ts';
import { nearestName, UsageError } from '../../sim/usage-error.ts';
import { VERSIONS, versionDifferences } from '../../sim/versions.ts';

test('a seed is a decimal integer below 2^64, kept exactly', () => {
  expect(parseSeed('0')).toBe('0');
  expect(parseSeed(' 007 ')).toBe('7');
  expect(parseSeed('18446744073709551615')).toBe('18446744073709551615');
});

test.each(['', '-1', '1e3', '0x10', '1.0', 'abc', '18446744073709551616', '9'.repeat(200)])(
  'not a seed: %j',
  (text) => {
    expect(() => parseSeed(text)).toThrow(UsageError);
    expect(() => parseSeed(text)).toThrow(
      /^Expected a seed \(a decimal integer from 0 to 18446744073709551615\), got ".*"…?\.$/,
    );
  },
);

test('the next seed, around the end', () => {
  expect(nextSeed('41')).toBe('42');
  expect(nextSeed('9007199254740993', 2)).toBe('9007199254740995');
  expect(nextSeed('18446744073709551615')).toBe('0');
});

test('the nearest name is one that was probably meant, or none', () => {
  expect(nearestName('leder', ['leader', 'write'])).toBe('leader');
  expect(nearestName('CRASH', ['crash', 'pause'])).toBe('crash');
  expect(nearestName('zzz', ['leader', 'write'])).toBeNull();
  expect(nearestName('x', ['on'])).toBeNull();
});

test('versions that differ are named, one sentence each', () => {
  expect(versionDifferences(VERSIONS)).toEqual([]);
  expect(versionDifferences({ ...VERSIONS, generator: 9 })).toEqual([
    `It was made with generator version 9; this is version ${VERSIONS.generator}.`,
  ]);
});
