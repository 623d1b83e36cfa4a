/** What clients saw: calls and returns, and nothing else. */

/** One operation of one client, from its call to its return. */
export interface Operation {
  /** For people, for example "client 2, seq 5". */
  readonly name: string;
  /** As in a command: "put x 1", "cas x 1 2", "range a c". */
  readonly op: string;
  readonly invokedUs: number;
  /** Infinity when the client was never told how it ended. */
  readonly returnedUs: number;
  /**
   * ok: it happened between call and return, and gave `value`. fail: it never happened. info: it
   * happened at any time after its call, or never.
   */
  readonly outcome: 'ok' | 'fail' | 'info';
  /** null for no value, and when not ok. */
  readonly value: string | null;
}

export type Verdict = 'linearizable' | 'not-linearizable' | 'unknown';

export interface Judgement {
  readonly verdict: Verdict;
  /**
   * Not linearizable: operations that no single server can have carried out, none of which can be
   * left out, in the order of their calls; else empty.
   */
  readonly anomaly: readonly Operation[];
  /** How many orders were looked into, as far as they differ. */
  readonly steps: number;
}

export interface CheckOptions {
  /** What the store holds before the first operation: nothing, or nobody knows. */
  readonly initial: 'empty' | 'unknown';
  /** Gives up after so many steps, over all keys: the verdict is then `unknown`. */
  readonly stepsMax: number;
}
