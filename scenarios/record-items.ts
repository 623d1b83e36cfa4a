/**
 * What a run record is made of. Every item carries `atUs`, its time, and `order`, its place among
 * all facts of the run: of two items the one with the lower order came first, also within a step.
 */
import type { AdminRequest, Outcome, Write } from '../core/contract.ts';
import type { Configuration, Entry, LogIndex, Message, NodeId, Term } from '../core/messages.ts';
import type { DiskState } from './disk-image.ts';

export interface Moment {
  readonly atUs: number;
  readonly order: number;
}

/** A message that was sent; `copies` of it will arrive, 0 when it is lost. */
export interface Sent<Body extends Message = Message> extends Moment {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly copies: number;
  readonly body: Body;
}

export interface Delivered<Body extends Message = Message> extends Moment {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly body: Body;
}

/** Both images of a disk, from this moment on. */
export interface DiskChange extends Moment {
  readonly node: NodeId;
  readonly issued: DiskState;
  readonly durable: DiskState;
}

export interface Issued extends Moment {
  readonly node: NodeId;
  readonly write: Write;
}

/** `boot` is the life of the server, 0 for the first. */
export interface Applied extends Moment {
  readonly node: NodeId;
  readonly boot: number;
  readonly index: LogIndex;
  readonly entry: Entry;
}

/** The host's state machine now holds what a snapshot holds; `isStart`: as the first of a life. */
export interface Restored extends Moment {
  readonly node: NodeId;
  readonly boot: number;
  readonly index: LogIndex;
  readonly data: string;
  readonly isStart: boolean;
}

/** A server has asked for a snapshot, or was given it: then with `data`. */
export interface SnapshotMoment extends Moment {
  readonly node: NodeId;
  readonly index: LogIndex;
  readonly data: string | null;
}

/** The configuration in force of what a server has issued, from this moment on. */
export interface ConfigurationChange extends Moment {
  readonly node: NodeId;
  readonly index: LogIndex;
  readonly configuration: Configuration;
}

/** An operator has asked a server, perhaps not for the first time. */
export interface AdminAsked extends Moment {
  readonly node: NodeId;
  readonly id: string;
  readonly request: AdminRequest;
}

export interface AdminAnswered extends AdminAsked {
  readonly outcome: Outcome;
  readonly hint: NodeId;
}

/** A read that a server has answered with ok and without applying it. */
export interface ReadServed extends Moment {
  readonly node: NodeId;
  readonly id: string;
  readonly op: string;
  readonly value: string | null;
}

export interface Claimed extends Moment {
  readonly node: NodeId;
  readonly role: 'follower' | 'candidate' | 'leader';
  readonly term: Term;
}

/** A start, a crash, a pause or its end. */
export interface Lifecycle extends Moment {
  readonly node: NodeId;
  readonly what: 'started' | 'crashed' | 'wiped' | 'paused' | 'resumed' | 'halted';
}

/** The directed links that are blocked from now on, as `from * 8 + to`. */
export interface Blocked extends Moment {
  readonly links: readonly number[];
}

export interface Invoked extends Moment {
  readonly clientId: number;
  readonly seq: number;
  readonly op: string;
}

export interface Returned extends Invoked {
  readonly outcome: 'ok' | 'fail' | 'info';
  readonly value: string | null;
}

/** The first sign that a server leads: it claims so, or sends an AppendEntries. */
export interface Leadership extends Moment {
  readonly term: Term;
  readonly node: NodeId;
}

/** Which messages; what is left out does not matter. */
export interface MessageFilter {
  readonly from?: NodeId;
  readonly to?: NodeId;
  readonly term?: Term;
  readonly afterUs?: number;
  readonly beforeUs?: number;
}
