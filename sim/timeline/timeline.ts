/**
 * A run as lines for people, one per step and per fact of the world, made from the facts while the
 * run happens or from a trace. Lines come in parts, so that a view can colour them by server and
 * role; `formatTimelineLine` puts them into columns. docs/trace.md describes the columns.
 */
import type { NodeId, Term } from '../../core/messages.ts';
import { FactRecords } from '../trace/fact-records.ts';
import { isStep, type StepRecord, type TraceRecord, type WorldRecord } from '../trace/format.ts';
import { eventPhrase, itemPhrases, type Phrase, worldPhrase } from './phrases.ts';
import { type NameOf, serverName } from './server-name.ts';
import { ServerViews, type ShownRole } from './server-view.ts';

export interface TimelineLine {
  /** What a view may want to leave out. */
  readonly kind: 'step' | 'fault' | 'phase' | 'client' | 'inspection';
  /** Number of the step; 0 for a fact between steps. */
  readonly step: number;
  readonly atUs: number;
  /** 0 when the line is about no server. */
  readonly node: NodeId;
  /** "S1", or "n1" of a program; empty when the line is about no server. */
  readonly server: string;
  /** What the server had claimed to be when the event came, and the term it was in. */
  readonly role: ShownRole;
  readonly term: Term;
  readonly event: Phrase;
  /** Actions of the server and facts of the world, in the order in which they happened. */
  readonly actions: readonly Phrase[];
}

/** Makes lines from records; every record of a run must pass by, in order. */
export class Timeline {
  private readonly nameOf: NameOf;
  private readonly views: ServerViews;

  constructor(nameOf: NameOf = serverName) {
    this.nameOf = nameOf;
    this.views = new ServerViews(nameOf);
  }

  take(record: TraceRecord): TimelineLine {
    const node = 'n' in record ? record.n : 0;
    const server = node === 0 ? '' : this.nameOf(node);
    const { role, term } = this.views.of(node);
    if (!isStep(record)) {
      const event = worldPhrase(record, this.views, node);
      const kind = LINE_KINDS[record.k];
      return { kind, step: 0, atUs: record.t, node, server, role, term, event, actions: [] };
    }
    const event = eventPhrase(record, this.views.of(node));
    const actions = itemPhrases(record, this.views);
    return {
      kind: 'step',
      step: record.i,
      atUs: record.t,
      node,
      server,
      role,
      term,
      event,
      actions,
    };
  }

  /** The phrase of one item of a step alone; only those before it have happened. */
  phraseAt(step: StepRecord, place: number): Phrase {
    this.take({ ...step, actions: step.actions.slice(0, place) });
    const [phrase] = itemPhrases({ ...step, actions: [step.actions[place]!] }, this.views);
    return phrase!;
  }
}

const LINE_KINDS: Readonly<Record<WorldRecord['k'], TimelineLine['kind']>> = {
  struck: 'fault',
  crashed: 'fault',
  wiped: 'fault',
  paused: 'fault',
  resumed: 'fault',
  blocked: 'fault',
  prepared: 'phase',
  phaseBegan: 'phase',
  inspected: 'inspection',
  stateInspected: 'inspection',
  invoked: 'client',
  returned: 'client',
};

/** Tells a run while it happens: pass it to `run` as the recorder, then call `closeOpenStep`. */
export class TimelineRecorder extends FactRecords {
  private readonly timeline = new Timeline();
  private readonly sink: (line: TimelineLine) => void;

  constructor(sink: (line: TimelineLine) => void) {
    super();
    this.sink = sink;
  }

  protected override take(record: TraceRecord): void {
    this.sink(this.timeline.take(record));
  }
}

/** The lines of the records of a whole trace. */
export function* timelineOf(
  records: Iterable<TraceRecord>,
  nameOf: NameOf = serverName,
): Generator<TimelineLine> {
  const timeline = new Timeline(nameOf);
  for (const record of records) yield timeline.take(record);
}
