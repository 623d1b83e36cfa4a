/**
 * What plans do: seed → digest and verdict of the run with the reference. A test compares them, so
 * that no change of behaviour goes unseen. Where a change is meant, copy here what the failing test
 * shows as received, and say in the commit why runs are different now; once versions are released,
 * raise ENGINE_VERSION with it (sim/versions.ts).
 */
export const DIGEST_PINS: Readonly<Record<string, string>> = {
  '1': 'f67418785f8bcf9a pass 3488 events',
  '2': 'd8f4b24cd78b3f9a pass 4422 events',
  '3': '980397c3cfaaa5a3 pass 1575 events',
  '1000000007': '2be44e250ee85de8 pass 3106 events',
  '18446744073709551615': '451ffc026176e9e1 pass 1957 events',
};
