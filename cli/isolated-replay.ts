/** `replay --isolated`: one server, or each of them, fed alone with the events of the run. */

import type { Cause } from '../sim/isolation/cause.ts';
import { show, unexpected } from '../sim/usage-error.ts';
import { Isolation } from './isolation.ts';
import type { Arguments } from './options.ts';
import { textOf } from './parse.ts';
import type { SingleRequest } from './single-run.ts';
import { grouped } from './table.ts';
import type { Terminal } from './terminal.ts';

/** A server, or all. */
export type Isolated = number | 'all';

/** What --isolated says; null when it was not given. Throws a UsageError. */
export function isolatedOf(args: Arguments, size: number): Isolated | null {
  const text = textOf('--isolated', args.isolated);
  if (text === null || text === 'all') return text;
  const node = /^[1-7]$/.test(text) ? Number(text) : 0;
  if (node >= 1 && node <= size) return node;
  const expected = `a server from 1 to ${size}, or all`;
  throw unexpected({ expected, got: show(text), where: '--isolated', nearest: null });
}

/** What --json prints of it. */
export interface IsolationFinding {
  readonly servers: Isolated;
  /** Events that they were fed; null when the run did not come back. */
  readonly events: number | null;
  readonly finding: {
    readonly event: number;
    readonly node: number;
    readonly cause: Cause;
    readonly call: string | null;
    readonly what: string;
    readonly why: string;
  } | null;
}

export async function isolate(
  servers: Isolated,
  { plan, selection, spec, hangMs, recorded }: SingleRequest,
  terminal: Terminal,
): Promise<IsolationFinding> {
  const without = recorded?.header.judged.disabled ?? selection.without;
  const isolation = new Isolation({ specs: [spec], without, hangMs }, selection.sut, terminal);
  const report = await isolation.check({ plans: [plan], node: servers === 'all' ? null : servers });
  isolation.close();
  const { finding, sentences, events } = report ?? { finding: null, sentences: null, events: null };
  if (finding === null) return { servers, events, finding: null };
  const { otherwise, cause, call } = finding;
  const { place: event, node } = otherwise;
  return { servers, events, finding: { event, node, cause, call, ...sentences! } };
}

export function isolationText({ servers, events, finding }: IsolationFinding): string {
  const who = servers === 'all' ? 'the servers' : `S${servers}`;
  if (finding !== null) return `${finding.what}\n${finding.why}`;
  if (events === null) return 'The run did not come back: nothing could be fed alone.';
  const count = `${grouped(events)} ${events === 1 ? 'event' : 'events'}`;
  return `Fed alone with the same ${count}, ${who} did the same.`;
}
