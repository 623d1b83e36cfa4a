/** Parts in a million. */
const million = 1_000_000;

/** Clocks are read in whole milliseconds, and a timer may be short by a part of one: two for both. */
const roundingMs = 2;

/**
 * How long a leader may count on a round of contact, ms of its own clock from its begin (thesis
 * §6.4.1). Every server that has answered it votes for nobody during electionMsMin of *its* clock,
 * which may be fast by clockDriftPpm while the leader's is slow by as much. 0: no lease is safe.
 */
export function leaseLengthMs(electionMsMin: number, clockDriftPpm: number): number {
  const slowest = (electionMsMin - roundingMs) * (million - clockDriftPpm);
  return Math.max(0, Math.floor(slowest / (million + clockDriftPpm)));
}
