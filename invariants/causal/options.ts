/** What the judge of opaque programs is told about the cluster, and what it makes of the run. */

export interface CausalOptions {
  /** Servers are 1 … size, 1 to 7, spare ones included. */
  readonly size: number;
  /** The voters of the first configuration are 1 … members. */
  readonly members: number;
  /** The longest election timeout: patience is measured in it. */
  readonly electionMsMax: number;
  /** As the program has declared it. */
  readonly durability: 'none' | 'immediate' | 'barrier' | 'explicit';
  /** It tells by claims when it stands and leads. */
  readonly claims: boolean;
  /** Ids of properties that are not judged. */
  readonly disabled: ReadonlySet<string>;
  /** Stop at the first violation, or note the first hit of each property. */
  readonly stopAtFirst: boolean;
}
