/**
 * What plans do: seed → digest and verdict of the run with the reference. A test compares them, so
 * that no change of behaviour goes unseen. Where a change is meant, copy here what the failing test
 * shows as received, and say in the commit why runs are different now; once versions are released,
 * raise ENGINE_VERSION with it (sim/versions.ts).
 */
export const DIGEST_PINS: Readonly<Record<string, string>> = {
  '1': 'd89aac5a144bd304 pass 3700 events',
  '2': 'd423b08c3ea9e5b5 pass 1888 events',
  '3': '591dac5509989700 pass 2318 events',
  '1000000007': '37f02d348780af82 pass 2567 events',
  '18446744073709551615': 'd14ce9127a35d786 pass 6563 events',
};
