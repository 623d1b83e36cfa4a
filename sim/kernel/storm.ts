/** When a run has gone on for too long. */
interface Passed {
  /** Server events so far. */
  readonly steps: number;
  /** Those of them that were timers. */
  readonly wakeUps: number;
}

/** More events than a plan allows; `wakeUpsMax` is null where timers count like all events. */
export function isStorm(
  { steps, wakeUps }: Passed,
  eventsMax: number,
  wakeUpsMax: number | null,
): boolean {
  if (wakeUpsMax === null) return steps > eventsMax;
  return steps - wakeUps > eventsMax || wakeUps > wakeUpsMax;
}
