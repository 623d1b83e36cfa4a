/** What a shrink came to, as the value that --json prints, and as text. */
import type { ChalkInstance } from 'chalk';
import type { Shrunk } from '../sim/shrink/shrink.ts';
import { VERSIONS } from '../sim/versions.ts';
import { packageVersion } from './package-version.ts';
import { columns, grouped } from './table.ts';

export interface OtherFinding {
  readonly failure: string;
  /** Where its plan is; null when it was not written. */
  readonly path: string | null;
}

export type ShrinkReport = ReturnType<typeof shrinkReport>;

export function shrinkReport(
  { plan, others: _, ...shrunk }: Shrunk,
  extra: {
    readonly interrupted: boolean;
    readonly output: string;
    readonly replay: string;
    readonly others: readonly OtherFinding[];
    readonly implementation: string;
  },
) {
  const versions = { whitewater: packageVersion(), ...VERSIONS };
  return { ...shrunk, ...extra, servers: plan.cluster.size, versions };
}

export function shrunkText(report: ShrinkReport, colours: ChalkInstance): string {
  const { events, eventsBefore, items, itemsBefore, runs, others, output } = report;
  const ending = report.interrupted
    ? 'interrupted: a second call goes on'
    : report.isMinimal
      ? 'nothing that is left can go by itself'
      : 'the budget is used up: a second call goes on';
  const rows: [string, string][] = [
    ['failure', report.failure],
    ['events', `${grouped(eventsBefore)} before, ${grouped(events)} now`],
    ['plan', `${counted(itemsBefore, 'item')} before, ${items} now, ${report.servers} servers`],
    ['search', `${grouped(runs)} runs, ${ending}`],
    ['written to', output],
  ];
  const lines = [columns(rows.map(([name, value]) => [colours.dim(name), value]))];
  if (report.detail !== null) lines.push('', report.detail);
  for (const { failure, path } of others) {
    const where = path === null ? '' : `: ${path}`;
    lines.push(`${colours.yellow('Another failure')} turned up, ${failure}${where}`);
  }
  lines.push('', `  replay: ${colours.cyan(report.replay)}`);
  return lines.join('\n');
}

function counted(count: number, name: string): string {
  return `${grouped(count)} ${name}${count === 1 ? '' : 's'}`;
}
