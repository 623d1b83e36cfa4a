/** What a server does again and again, or fails to do: its election timer and its duties. */
import type { LogIndex } from '../../core/messages.ts';

/** The timer named election, where a server has one. */
export interface ElectionTimer {
  isKnown: boolean;
  isRunning: boolean;
  /** Since it was last set: when a leader was heard or a vote given, -1 for not; and what it was. */
  heardUs: number;
  /** A vote was given, and not told yet, without the timer being set with it. */
  hasVoted: boolean;
  heard: string;
  /** The last timeout without a choice, and how often it came in a row. */
  fixedMs: number;
  fixedCount: number;
}

/** What a server has failed to do, so many times in a row. */
export interface Duties {
  refusals: number;
  votesRefused: number;
  commitsDue: number;
  commitsDueStep: number;
  tailWaits: number;
  /** What AppendEntries that it has accepted said of the commit index, or it has told as a leader. */
  toldCommit: LogIndex;
  applyWaits: number;
  appliedBefore: LogIndex;
  partSuccesses: number;
  /** By follower: how often, and how far its log was known to agree the last time. */
  readonly rounds: number[];
  readonly matches: number[];
  /** By follower: a success has come since the last AppendEntries. */
  readonly answered: boolean[];
}

export function newElectionTimer(): ElectionTimer {
  return {
    isKnown: false,
    isRunning: false,
    heardUs: -1,
    hasVoted: false,
    heard: '',
    fixedMs: 0,
    fixedCount: 0,
  };
}

export function newDuties(): Duties {
  return {
    refusals: 0,
    votesRefused: 0,
    commitsDue: 0,
    commitsDueStep: 0,
    tailWaits: 0,
    toldCommit: 0,
    applyWaits: 0,
    appliedBefore: 0,
    partSuccesses: 0,
    rounds: [],
    matches: [],
    answered: [],
  };
}
