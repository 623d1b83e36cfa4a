/**
 * What plans do: seed → digest and verdict of the run with the reference. A test compares them, so
 * that no change of behaviour goes unseen. Where a change is meant, copy here what the failing test
 * shows as received, and say in the commit why runs are different now; once versions are released,
 * raise ENGINE_VERSION with it (sim/versions.ts).
 */
export const DIGEST_PINS: Readonly<Record<string, string>> = {
  '1': '700408010a61aba8 pass 5393 events',
  '2': 'eee95f05e6078341 pass 2510 events',
  '3': 'a50dc6356bd9c0fb pass 2846 events',
  '1000000007': '9f982e522b8169bb pass 1365 events',
  '18446744073709551615': 'c14e28a3e21c6f45 pass 4689 events',
};
