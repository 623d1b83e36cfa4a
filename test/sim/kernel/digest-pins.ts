/**
 * What plans do: seed → digest and verdict of the run with the reference. A test compares them, so
 * that no change of behaviour goes unseen. Where a change is meant, copy here what the failing test
 * shows as received, and say in the commit why runs are different now; once versions are released,
 * raise ENGINE_VERSION with it (sim/versions.ts).
 */
export const DIGEST_PINS: Readonly<Record<string, string>> = {
  '1': 'e41bb4232cae6010 pass 2859 events',
  '2': 'd389e93d87c9d40b pass 1893 events',
  '3': 'd4e6e9718a0ba82a pass 2385 events',
  '1000000007': '87fcb06cf9d93c36 pass 2549 events',
  '18446744073709551615': 'f3e3f89f0d4c765a pass 6236 events',
};
