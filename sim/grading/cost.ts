/** What a run has cost: tests with a budget look at it. */
export interface Cost {
  /** Messages between servers, lost ones included. */
  readonly messages: number;
  /** Characters of their bodies as JSON. */
  readonly bytes: number;
  readonly virtualUs: number;
  readonly size: number;
  readonly heartbeatMs: number;
  /** Claims to lead. */
  readonly reigns: number;
  /** Claims to stand for election, of several in one term, too. */
  readonly candidacies: number;
  /** The longest row of terms that somebody stood for, and nobody led. */
  readonly termsInVain: number;
  /** Requests that a server has taken and never answered, though it did not crash. */
  readonly unanswered: number;
}
