/**
 * Who leads, as triggers see it: a server leads from its claim on, or, where it never claims
 * anything, from the first message of a term that only a leader sends. It moves faults, never verdicts.
 */
import type { Message, Term } from '../../core/messages.ts';

export interface Reign {
  isLeading: boolean;
  /** Entries appended since it leads. */
  appends: number;
  /** Its reign is not the first one: it has led an earlier term. */
  isAnother: boolean;
  /** The newest term that it has led, in any life. */
  term: Term;
  /** It tells what it is, so that the wire need not. */
  claims: boolean;
  /** The newest term in which it has asked for votes, in any life. */
  stoodIn: Term;
}

export function noReign(): Reign {
  return { isLeading: false, appends: 0, isAnother: false, term: 0, claims: false, stoodIn: 0 };
}

/** A life begins: the server leads nobody. */
export function endReign(reign: Reign): void {
  reign.isLeading = false;
  reign.appends = 0;
}

export function noteClaim(
  reign: Reign,
  role: 'follower' | 'candidate' | 'leader',
  term: Term,
): void {
  if (role !== 'follower') reign.claims = true;
  if (role === 'leader') beginReign(reign, term);
  else endReign(reign);
}

/** Only the leader of its term sends such a message. */
export function isOfLeader({ kind }: Message): boolean {
  return kind === 'AppendEntries' || kind === 'InstallSnapshot' || kind === 'TimeoutNow';
}

/** It speaks about a term that its sender is perhaps not in. */
export function isPreVote(body: Message): boolean {
  return 'preVote' in body && body.preVote === true;
}

/** A message is about to leave; true when a reign begins with it. */
export function beginsReign(reign: Reign, body: Message): boolean {
  if (reign.claims) return false;
  if (!isOfLeader(body)) {
    // It speaks in a later term, and not as its leader.
    if (body.term > reign.term && !isPreVote(body)) reign.isLeading = false;
    return false;
  }
  if (reign.isLeading && !(body.term > reign.term)) return false;
  beginReign(reign, body.term);
  return true;
}

/** A message is about to leave; true when it is the first request for votes in its term. */
export function beginsCandidacy(reign: Reign, body: Message): boolean {
  if (body.kind !== 'RequestVote' || isPreVote(body)) return false;
  if (!(body.term > reign.stoodIn)) return false;
  reign.stoodIn = body.term;
  return true;
}

function beginReign(reign: Reign, term: Term): void {
  reign.isLeading = true;
  reign.appends = 0;
  reign.isAnother = reign.term > 0 && term > reign.term;
  if (term > reign.term) reign.term = term;
}
