/** Writes a run down, line by line, while it happens. Equal runs give equal bytes. */
import { createHash } from 'node:crypto';
import type { Violation } from '../../invariants/violation.ts';
import type { Plan } from '../kernel/plan.ts';
import { planSchema } from '../plan-schema.ts';
import type { Implementation, RunOptions, RunResult } from '../run.ts';
import { VERSIONS } from '../versions.ts';
import { FactRecords } from './fact-records.ts';
import { TRACE_FORMAT, type TraceEnd, type TraceHeader, type TraceRecord } from './format.ts';

/** What is known of a run before it begins. */
export interface TraceStart {
  readonly plan: Plan;
  /** The code that runs; `hash` names it, null when nobody knows. */
  readonly implementation: Pick<Implementation, 'id' | 'program'>;
  readonly hash: string | null;
  readonly options: Pick<RunOptions, 'disabled' | 'stopAtFirst'>;
}

/** Takes one line, without its newline. */
export type LineSink = (line: string) => void;

/**
 * The recorder of a run: pass it to `run`, then call `finish` with the result.
 *
 *     const lines: string[] = [];
 *     const recorder = new TraceRecorder(start, (line) => lines.push(line));
 *     recorder.finish(run(plan, implementation, { ...options, recorder }));
 */
export class TraceRecorder extends FactRecords {
  private readonly sink: LineSink;
  private readonly hash = createHash('sha256');

  constructor(start: TraceStart, sink: LineSink) {
    super();
    this.sink = sink;
    this.write(headerOf(start));
  }

  /** Writes the last line. */
  finish(result: RunResult): void {
    this.closeOpenStep();
    this.sink(JSON.stringify(endOf(result, this.hash.digest('hex'))));
  }

  protected override take(record: TraceRecord): void {
    this.write(record);
  }

  private write(value: TraceHeader | TraceRecord): void {
    const line = JSON.stringify(value);
    this.hash.update(line).update('\n');
    this.sink(line);
  }
}

export function headerOf({ plan, implementation, hash, options }: TraceStart): TraceHeader {
  const ordered = planSchema.safeParse(plan);
  const { id, program } = implementation;
  return {
    format: TRACE_FORMAT,
    versions: VERSIONS,
    implementation: { id, hash },
    ...(program === undefined ? {} : { capabilities: program.capabilities }),
    judged: { disabled: [...options.disabled].sort(), stopAtFirst: options.stopAtFirst },
    plan: ordered.success ? ordered.data : plan,
  };
}

export function endOf(result: RunResult, sha256: string): TraceEnd {
  const { verdict, reason, exception, events, virtualUs, digest } = result;
  return {
    k: 'end',
    verdict,
    reason,
    violations: result.violations.map(ordered),
    // The stack stays out: it holds paths.
    exception: exception === null ? null : { node: exception.node, event: exception.event },
    events,
    virtualUs,
    digest,
    sha256,
  };
}

function ordered(violation: Violation): Violation {
  return {
    property: violation.property,
    rule: violation.rule,
    section: violation.section,
    sentence: violation.sentence,
    detail: violation.detail,
    atUs: violation.atUs,
    step: violation.step,
    node: violation.node,
    role: violation.role,
    messageKind: violation.messageKind,
    relation: violation.relation,
    fingerprint: violation.fingerprint,
  };
}
