/**
 * The lines of a trace: a header, one record per step and per fact of the world in the order in
 * which they happened, and an end. docs/trace.md describes them for users.
 *
 * A step holds everything between its event and its end, so a fact of the world that hits between
 * two actions stands between those two actions. Bench-owned numbers are integers; there is no wall
 * clock and no path.
 */
import type { AdminRequest, ClientRequest, Outcome, Write } from '../../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, Term } from '../../core/messages.ts';
import type { Phase, SurvivingWrite } from '../../invariants/facts.ts';
import type { Violation } from '../../invariants/violation.ts';
import type { Plan } from '../kernel/plan.ts';
import type { Capabilities } from '../protocol/capabilities.ts';
import type { RunVerdict } from '../run.ts';
import type { Versions } from '../versions.ts';

export const TRACE_FORMAT = 'whitewater/trace';

/** The first line. */
export interface TraceHeader {
  readonly format: typeof TRACE_FORMAT;
  /** Of the program that wrote the trace; a plan may be older. */
  readonly versions: Versions;
  /** `hash` names the code that ran; null when nobody knows. */
  readonly implementation: { readonly id: string; readonly hash: string | null };
  /** What its servers declared, where they are programs: bodies and writes are theirs alone. */
  readonly capabilities?: Capabilities;
  /** Properties that were not judged, sorted, and whether the run ended at the first violation. */
  readonly judged: { readonly disabled: readonly string[]; readonly stopAtFirst: boolean };
  readonly plan: Plan;
}

/** How a run ended; RunResult has all of it too. */
export interface RunEnding {
  readonly verdict: RunVerdict;
  readonly reason: string | null;
  readonly violations: readonly Violation[];
  /** What the implementation threw is no fact: it is told here. */
  readonly exception: { readonly node: NodeId; readonly event: number } | null;
  /** Steps. */
  readonly events: number;
  readonly virtualUs: number;
  /** Of the run: 16 hexadecimal digits. */
  readonly digest: string;
}

/** The last line. */
export interface TraceEnd extends RunEnding {
  readonly k: 'end';
  /** Of the text of all lines above, each with its newline. */
  readonly sha256: string;
}

/** A trace in memory. Record j stands on line j + 2. */
export interface Trace {
  readonly header: TraceHeader;
  readonly records: readonly TraceRecord[];
  readonly end: TraceEnd;
  /** False when the lines are not those that were written. */
  readonly isIntact: boolean;
}

export type TraceRecord = StepRecord | WorldRecord;

/**
 * - done: the server came to the end of its actions.
 * - crashed: it did not; its crash is the last of the actions.
 * - open: it threw, and the run was over.
 */
export type StepEnd = 'done' | 'crashed' | 'open';

/** One event into one server, and all that happened until the step was over. */
export type StepRecord = StepHead & StepEvent & StepTail;

export interface StepHead {
  /** Number of the step, from 1. */
  readonly i: number;
  /** Virtual microseconds. */
  readonly t: number;
  /** The server. */
  readonly n: NodeId;
}

export interface StepTail {
  readonly actions: readonly StepItem[];
  readonly ends: StepEnd;
}

/**
 * `cause` is the step that sent the message, set the timer or issued the write; 0 for events that
 * come from outside. A duplicate shares its message's id.
 */
export type StepEvent =
  | {
      readonly k: 'started';
      readonly cause: number;
      readonly boot: number;
      readonly applied: LogIndex;
    }
  | {
      readonly k: 'delivered';
      readonly cause: number;
      readonly from: NodeId;
      readonly messageId: number;
      readonly body: Message;
    }
  | { readonly k: 'fired'; readonly cause: number; readonly timer: string }
  | {
      readonly k: 'requested';
      readonly cause: number;
      readonly requests: readonly ClientRequest[];
    }
  | { readonly k: 'persisted'; readonly cause: number; readonly writeId: number }
  | {
      readonly k: 'persistFailed';
      readonly cause: number;
      readonly writeId: number;
      readonly error: string;
    }
  | {
      readonly k: 'snapshotTaken';
      readonly cause: number;
      readonly index: LogIndex;
      readonly data: string;
    }
  | {
      readonly k: 'adminRequested';
      readonly cause: number;
      readonly requestId: string;
      readonly request: AdminRequest;
    };

/** What stands in the list of actions: the server's own, and facts of the world between them. */
export type StepItem = ActionRecord | WorldRecord;

export type ActionRecord =
  | {
      readonly k: 'sent';
      readonly to: NodeId;
      readonly messageId: number;
      readonly copies: number;
      readonly body: Message;
    }
  | {
      readonly k: 'timerSet';
      readonly timer: string;
      readonly minMs: number;
      readonly maxMs: number;
    }
  | { readonly k: 'timerCancelled'; readonly timer: string }
  | {
      readonly k: 'persistIssued';
      readonly writeId: number;
      readonly stream: string;
      readonly after: number;
      readonly write: Write;
    }
  | { readonly k: 'applied'; readonly index: LogIndex; readonly entry: Entry }
  | { readonly k: 'snapshotAsked'; readonly index: LogIndex }
  | { readonly k: 'restored'; readonly index: LogIndex; readonly data: string }
  | {
      readonly k: 'responded';
      readonly requestId: string;
      readonly outcome: Outcome;
      readonly hint: NodeId;
      readonly value: string | null;
    }
  | {
      readonly k: 'claimed';
      readonly role: 'follower' | 'candidate' | 'leader';
      readonly term: Term;
    }
  | { readonly k: 'halted'; readonly reason: string }
  | { readonly k: 'noted'; readonly text: string };

export type WorldRecord =
  /** The fault at this place of the plan; `n` 0: fired by no server's fact. */
  | { readonly t: number; readonly n: NodeId; readonly k: 'struck'; readonly place: number }
  | {
      readonly t: number;
      readonly n: NodeId;
      readonly k: 'crashed';
      readonly survivors: readonly SurvivingWrite[];
    }
  | { readonly t: number; readonly n: NodeId; readonly k: 'wiped' }
  | { readonly t: number; readonly n: NodeId; readonly k: 'paused' }
  | { readonly t: number; readonly n: NodeId; readonly k: 'resumed' }
  /** All links that are blocked from now on, as `from * 8 + to`. */
  | { readonly t: number; readonly k: 'blocked'; readonly links: readonly number[] }
  | {
      readonly t: 0;
      readonly n: NodeId;
      readonly k: 'prepared';
      readonly currentTerm: Term;
      readonly votedFor: NodeId;
      readonly entries: readonly Entry[];
    }
  | {
      readonly t: number;
      readonly k: 'phaseBegan';
      readonly phase: Phase;
      readonly core: readonly NodeId[];
    }
  | { readonly t: number; readonly k: 'inspected' }
  | {
      readonly t: number;
      readonly n: NodeId;
      readonly k: 'stateInspected';
      readonly index: LogIndex;
      readonly contents: readonly (readonly [string, string])[];
    }
  | {
      readonly t: number;
      readonly k: 'invoked';
      readonly clientId: number;
      readonly seq: number;
      readonly op: string;
      readonly readOnly: boolean;
    }
  | {
      readonly t: number;
      readonly k: 'returned';
      readonly clientId: number;
      readonly seq: number;
      readonly outcome: 'ok' | 'fail' | 'info';
      readonly value: string | null;
    };

/** Tells the two kinds of lines apart. */
export function isStep(record: TraceRecord): record is StepRecord {
  return 'i' in record;
}
