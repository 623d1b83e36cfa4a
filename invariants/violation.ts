/** A property that did not hold: plain data, ready to be printed, compared and stored. */
import type { NodeId } from '../core/messages.ts';

export interface Violation {
  /** Id of the property. */
  readonly property: string;
  /** Which way of breaking it: one property may have several. */
  readonly rule: string;
  readonly section: string;
  /** What should have held. */
  readonly sentence: string;
  /** What happened instead: one sentence, with values. */
  readonly detail: string;
  readonly atUs: number;
  /** The steps of a run are numbered from 1. */
  readonly step: number;
  /** The server that acted; 0 for none. */
  readonly node: NodeId;
  readonly role: Role;
  /** The message that was sent, or else the event that the step began with. */
  readonly messageKind: string;
  /** How the values relate that contradict each other, for example "older-term". */
  readonly relation: string;
  /** Equal for equal failures: property, rule, role, message kind, relation; no ids or numbers. */
  readonly fingerprint: string;
}

/** What a server was when it acted, judged by its writes and messages; none for the world. */
export type Role = 'follower' | 'candidate' | 'leader' | 'none';

/** What a check says about a failure. */
export interface Finding {
  readonly node: NodeId;
  readonly rule: string;
  readonly relation: string;
  readonly detail: string;
  /** Kind of the message that broke the property; null for the event of the step. */
  readonly messageKind: string | null;
}
