/** What is known of one server that runs an opaque program. */
import type { NodeId, Term } from '../../core/messages.ts';
import type { Role } from '../violation.ts';
import type { AskedCommand } from './asked-commands.ts';

export interface ProgramView {
  readonly node: NodeId;
  /** The newest life; -1 before the first. */
  boot: number;
  isUp: boolean;
  isPaused: boolean;
  isWiped: boolean;
  /** Why it has stopped itself; null while it has not. */
  haltReason: string | null;
  /** How many commands this life has applied, restored ones included. */
  lastApplied: number;
  /** It was far behind the furthest server, and has not caught up since. */
  isLagging: boolean;
  /** Its writes that are not safe, oldest first: their ids, and the marks of the world then. */
  readonly pendingIds: number[];
  readonly pendingMarks: number[];
  /** When the running step began, as a mark. */
  stepDate: number;
  /** With barrier: when it had last nothing unsafe, for what it does now may be from then; or -1. */
  heldSince: number;
  /** The newest message of the world when this life began. */
  bornAfter: number;
  /** Requests that this life was handed and has not answered. */
  openRequests: number;
  /** Answered ok in the running step, and not applied yet. */
  readonly promised: AskedCommand[];

  /** What this life says of itself. */
  role: Role;
  claimTerm: Term;
  /** The term that it stood for last, and when. */
  candidateTerm: Term;
  candidateDate: number;
  /** The term that this life leads or has led last, and since when. */
  leaderTerm: Term;
  leaderDate: number;
  /** It has sent something since it said that it leads. */
  hasSpoken: boolean;

  /** Across lives: the last term that it claimed to stand for or lead, when, and when the one before. */
  stoodTerm: Term;
  stoodDate: number;
  stoodBefore: number;
  /** Across lives: it has led this term with its own vote on its disk. */
  boundTerm: Term;
}

export function newProgramView(node: NodeId): ProgramView {
  return {
    node,
    boot: -1,
    isUp: false,
    isPaused: false,
    isWiped: false,
    haltReason: null,
    lastApplied: 0,
    isLagging: false,
    pendingIds: [],
    pendingMarks: [],
    stepDate: 0,
    heldSince: -1,
    bornAfter: 0,
    openRequests: 0,
    promised: [],
    role: 'none',
    claimTerm: 0,
    candidateTerm: -1,
    candidateDate: 0,
    leaderTerm: -1,
    leaderDate: 0,
    hasSpoken: false,
    stoodTerm: -1,
    stoodDate: 0,
    stoodBefore: 0,
    boundTerm: 0,
  };
}

/** A new life knows nothing of what the last one has said. */
export function beginLife(server: ProgramView, boot: number, bornAfter: number): void {
  server.boot = boot;
  server.isUp = true;
  server.isPaused = false;
  server.haltReason = null;
  server.lastApplied = 0;
  server.isLagging = false;
  server.openRequests = 0;
  server.heldSince = -1;
  server.bornAfter = bornAfter;
  server.role = 'none';
  server.claimTerm = 0;
  server.candidateTerm = -1;
  server.leaderTerm = -1;
  server.hasSpoken = false;
}

/** Everything that is not safe is gone, and so is the life. */
export function endLife(server: ProgramView): void {
  server.isUp = false;
  server.isPaused = false;
  server.pendingIds.length = 0;
  server.pendingMarks.length = 0;
  server.promised.length = 0;
}
