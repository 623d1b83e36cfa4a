/** What a run has cost on the wire: tests with a budget look at it. */
export interface Cost {
  /** Messages between servers, lost ones included. */
  readonly messages: number;
  /** Characters of their bodies as JSON. */
  readonly bytes: number;
  readonly virtualUs: number;
  readonly size: number;
  readonly heartbeatMs: number;
}
