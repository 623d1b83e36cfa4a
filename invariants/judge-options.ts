/** What a judge is told about the cluster, and what it makes of the run. */

export interface JudgeOptions {
  /** Servers are 1 … size, 1 to 7, spare ones included. */
  readonly size: number;
  /** The voters of the bootstrap configuration are 1 … members. */
  readonly members: number;
  /** The longest election timeout: patience is measured in it. */
  readonly electionMsMax: number;
  readonly heartbeatMs: number;
  /** Client sessions end when they were not used for so long, by logged time; 0: never. */
  readonly sessionExpiryMs: number;
  /** What keeps removed servers, and such as cannot hear the leader, from disturbing (ServerConfig). */
  readonly preVote: boolean;
  readonly checkQuorum: boolean;
  /** Ids of properties that are not judged. */
  readonly disabled: ReadonlySet<string>;
  /** Stop at the first violation, or note the first hit of each property. */
  readonly stopAtFirst: boolean;
}

/** excused: stuck, and nobody could have moved. */
export type Verdict = 'pass' | 'violation' | 'excused';
