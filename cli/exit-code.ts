/** How the program ends; scripts and CI rely on these numbers. */
export const ExitCode = {
  /** All held. */
  ok: 0,
  /** A property was violated, or a scenario did not show what it claims. */
  violated: 1,
  /** Usage, or bad input. */
  usage: 2,
  /** The bench or the harness failed: nothing is said about the implementation. */
  bench: 3,
  /** Ended by the user, with what there was. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
