/** What somebody waits for who has asked a leader: each of them gets one answer. */
import type { Configuration, LogIndex, NodeId, Term } from './messages.ts';

/** A request whose entry is in the log and not applied yet. */
export interface PendingRequest {
  readonly index: LogIndex;
  readonly term: Term;
  readonly id: string;
}

/** A read-only request that needs no entry. */
export interface WaitingRead {
  readonly id: string;
  /** Answered when the log is applied through here. */
  readonly readIndex: LogIndex;
  /** The first round that begins after its coming. */
  readonly round: number;
}

/** A leadership transfer that is under way (thesis §3.10). */
export interface Transfer {
  /** Of the request of the operator. */
  readonly id: string;
  readonly to: NodeId;
  /** Given up from then on, local ms. */
  readonly giveUpMs: number;
  /** Not asked to stand (again) before this time, local ms. */
  askMs: number;
  /** A TimeoutNow has left: the target may win, whatever happens here. */
  isAsked: boolean;
}

/** A change of the configuration that is under way (§6). Immutable. */
export interface MembershipChange {
  /** Whom to answer. */
  readonly id: string;
  /** What it comes to. */
  readonly target: Configuration;
  /** New voters while they catch up, which have no part in the configuration yet; empty after. */
  readonly joining: readonly NodeId[];
  /** Rounds of catching up (thesis §4.2.1), from 1. */
  readonly round: number;
  readonly roundStartMs: number;
  /** The round ends when all of them have the log through here: what it held when it began. */
  readonly roundEndIndex: LogIndex;
  /** By place in `joining`: how far each had got when it was last seen to move, and when that was. */
  readonly progress: readonly number[];
  readonly movedMs: readonly number[];
}

export function cloneTransfer(transfer: Transfer | null): Transfer | null {
  if (transfer === null) return null;
  const { id, to, giveUpMs, askMs, isAsked } = transfer;
  return { id, to, giveUpMs, askMs, isAsked };
}
